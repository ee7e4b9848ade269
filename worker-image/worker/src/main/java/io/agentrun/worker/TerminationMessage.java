package io.agentrun.worker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;

/** The worker's last words: one line of JSON that the kubelet copies into the pod's status. */
record TerminationMessage(Exit reason, String message) {
    /** The kubelet cuts at 4096 bytes for all containers of a pod together, and cut JSON is of no use. */
    private static final int MESSAGE_LENGTH = 1000;

    /** Where the kubelet looks, unless the pod says otherwise. */
    static Path file(Map<String, String> environment) {
        return Path.of(environment.getOrDefault("AGENTRUN_TERMINATION_LOG", "/dev/termination-log"));
    }

    /** The line. */
    String json() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("reason", reason.name());
        fields.put("message", message.length() > MESSAGE_LENGTH ? message.substring(0, MESSAGE_LENGTH) : message);
        return Json.of(fields) + "\n";
    }

    /** Writes the line. Outside a pod the file does not exist, and is not made. */
    void writeTo(Path file, Log log) {
        try {
            Files.write(
                    file,
                    json().getBytes(StandardCharsets.UTF_8),
                    StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING);
        } catch (IOException e) {
            log.info("termination message not written", Map.of("file", file.toString(), "cause", e.toString()));
        }
    }
}
