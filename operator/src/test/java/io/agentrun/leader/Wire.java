package io.agentrun.leader;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The network between one client and the API server: bytes go through, or hang, or the connection is refused. */
final class Wire implements AutoCloseable {
    private final InetSocketAddress to;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final int port;
    private volatile Optional<ServerSocket> listener = Optional.empty();
    private volatile boolean hanging;

    /** Starts refusing connections. */
    Wire(InetSocketAddress to) {
        this.to = to;
        try (var probe = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            this.port = probe.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return port;
    }

    /** Bytes go through. */
    Wire connect() {
        hanging = false;
        if (listener.isEmpty()) {
            try {
                var socket = new ServerSocket();
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                listener = Optional.of(socket);
                Thread.ofVirtual().start(() -> accept(socket));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return this;
    }

    /** Connections are made and stay, and nothing comes through: no error tells the client. */
    Wire hang() {
        connect();
        hanging = true;
        return this;
    }

    private void accept(ServerSocket listening) {
        try {
            while (true) {
                var client = listening.accept();
                var server = new Socket();
                server.connect(to);
                sockets.add(client);
                sockets.add(server);
                Thread.ofVirtual().start(() -> pump(client, server));
                Thread.ofVirtual().start(() -> pump(server, client));
            }
        } catch (IOException e) {
            // The listener was closed.
        }
    }

    private void pump(Socket from, Socket into) {
        var buffer = new byte[16 * 1024];
        try (from;
                into) {
            var in = from.getInputStream();
            var out = into.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (!hanging) {
                    out.write(buffer, 0, n);
                    out.flush();
                }
            }
        } catch (IOException e) {
            // Cut.
        }
    }

    @Override
    public void close() {
        cut();
    }

    /** Open connections are cut, new ones refused. */
    Wire cut() {
        listener.ifPresent(Wire::close);
        listener = Optional.empty();
        sockets.forEach(Wire::close);
        sockets.clear();
        return this;
    }

    private static void close(AutoCloseable what) {
        try {
            what.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
