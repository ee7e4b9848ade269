package io.agentrun.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An address that is on no cluster, and really answers: this machine takes it on for the time of a test, so that a connection
 * which does not come about was refused and did not just lead nowhere. Only where the node is this machine.
 */
final class Outside implements AutoCloseable {
    /** Every port that is listened on, TCP, and UDP as a name server would. */
    static final int PORT = 53;

    private final String ip;
    private final ServerSocket tcp;
    private final DatagramSocket udp;
    private final Set<String> heardFrom = ConcurrentHashMap.newKeySet();

    Outside(String ip) {
        this.ip = ip;
        address("add");
        try {
            tcp = new ServerSocket();
            tcp.bind(new InetSocketAddress(InetAddress.getByName(ip), PORT));
            udp = new DatagramSocket(new InetSocketAddress(InetAddress.getByName(ip), PORT));
        } catch (IOException e) {
            address("del");
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
        Thread.ofVirtual().start(this::hear);
    }

    String ip() {
        return ip;
    }

    /** Addresses that a UDP packet came from. */
    Set<String> heardFrom() {
        return Set.copyOf(heardFrom);
    }

    private void address(String verb) {
        Cluster.run("", List.of("ip", "address", verb, ip + "/32", "dev", "lo"));
    }

    private void accept() {
        while (!tcp.isClosed()) {
            try {
                tcp.accept().close();
            } catch (IOException e) {
                // Closed, or the caller has gone: both are fine.
            }
        }
    }

    private void hear() {
        var packet = new DatagramPacket(new byte[512], 512);
        while (!udp.isClosed()) {
            try {
                udp.receive(packet);
                heardFrom.add(packet.getAddress().getHostAddress());
            } catch (IOException e) {
                // Closed.
            }
        }
    }

    @Override
    public void close() {
        address("del");
        udp.close();
        try {
            tcp.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
