package io.agentrun.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The local cluster's node, which is this machine: what the kernel says of a pod whose image has no shell. */
final class Node {
    private static final Pattern TOKEN = Pattern.compile("eyJ[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+");
    private static final Set<String> NOT_FILES = Set.of("proc", "sys", "dev");
    private static final long BIG = 1L << 20;

    private Node() {}

    /** The process of the pod whose program ends with this. */
    static long process(Pod pod, String program) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().command().orElse("").endsWith(program))
                .filter(process -> read(Path.of("/proc/" + process.pid() + "/cgroup"))
                        .contains(pod.getMetadata().getUid()))
                .map(ProcessHandle::pid)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "no " + program + " in " + pod.getMetadata().getName()));
    }

    /** A file of {@code /proc} of a process; empty when it is gone. */
    static String proc(long pid, String file) {
        return read(Path.of("/proc/" + pid + "/" + file));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    /** Everything that looks like a token in the files and the environment that a process sees. */
    static Set<String> tokens(long pid) {
        var found = new TreeSet<String>();
        find(proc(pid, "environ"), found);
        // The dot, since the folder itself is a link, which is not followed.
        var root = Path.of("/proc/" + pid + "/root/.");
        try {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                    var skip = root.equals(folder.getParent())
                            && NOT_FILES.contains(folder.getFileName().toString());
                    return skip ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (attributes.isRegularFile() && attributes.size() <= BIG) {
                        find(read(file), found);
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    private static void find(String text, Set<String> into) {
        TOKEN.matcher(text).results().forEach(match -> into.add(match.group()));
    }

    /** Whether a TCP connection to {@code "ip port"} can be opened from inside the network namespace of a process. */
    static boolean connects(long pid, String address) {
        return Cluster.run(
                        "",
                        java.util.List.of(
                                "nsenter",
                                "--net=/proc/" + pid + "/ns/net",
                                "timeout",
                                "2",
                                "bash",
                                "-c",
                                "</dev/tcp/" + address.replace(' ', '/') + " && echo CONNECTED"))
                .contains("CONNECTED");
    }
}
