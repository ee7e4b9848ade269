package io.agentrun.worker;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How full a writable place in memory is. Kubernetes shows this nowhere: a full one is only an error inside the agent.
 *
 * @param path where it is mounted
 * @param used bytes
 * @param size bytes, the most that it may hold
 */
record Scratch(String path, long used, long size) {
    /** More than an Agent may have (8), {@code /dev/shm} included. */
    private static final int MAX = 16;

    /** The file systems in memory among {@code mounts} (lines of {@code /proc/self/mounts}) that this process may write to. */
    static List<Scratch> of(List<String> mounts) {
        Map<Path, Scratch> found = new LinkedHashMap<>(); // a place that is mounted over is one place
        for (String mount : mounts) {
            String[] fields = mount.split(" ", 5);
            if (fields.length < 5 || !fields[2].equals("tmpfs") || found.size() == MAX) {
                continue;
            }
            Path path = Path.of(unescape(fields[1]));
            // Runtimes hide files of /proc behind /dev/null, which lies on a tmpfs too.
            if (Files.isDirectory(path) && Files.isWritable(path)) {
                try {
                    FileStore store = Files.getFileStore(path);
                    long size = store.getTotalSpace();
                    found.put(path, new Scratch(path.toString(), size - store.getUnallocatedSpace(), size));
                } catch (IOException e) {
                    // Unmounted since the list was read.
                }
            }
        }
        return List.copyOf(found.values());
    }

    /** The kernel writes space, tab, newline and backslash as octal numbers. */
    private static String unescape(String text) {
        return text.replace("\\040", " ")
                .replace("\\011", "\t")
                .replace("\\012", "\n")
                .replace("\\134", "\\");
    }
}
