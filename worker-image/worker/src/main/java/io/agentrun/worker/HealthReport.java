package io.agentrun.worker;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The body of {@code GET /health}. */
final class HealthReport {
    private HealthReport() {}

    /**
     * Names that operations runbooks read: {@code status}, {@code uptime} in seconds, {@code memory.rss}, {@code .heapTotal} and
     * {@code .heapUsed} in bytes. {@code memoryUsage} is the same object under the name that Node.js services give it.
     */
    static Map<String, Object> of(Vitals vitals, boolean draining) {
        Map<String, Object> memory = new LinkedHashMap<>();
        memory.put("rss", vitals.residentBytes());
        memory.put("heapTotal", vitals.heapTotalBytes());
        memory.put("heapUsed", vitals.heapUsedBytes());
        List<Map<String, Object>> scratch = new ArrayList<>();
        for (Scratch place : vitals.scratch()) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("path", place.path());
            fields.put("used", place.used());
            fields.put("size", place.size());
            scratch.add(fields);
        }
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("status", draining ? "draining" : "ok");
        report.put("alive", true);
        report.put("uptime", vitals.uptimeSeconds());
        report.put("memory", memory);
        report.put("memoryUsage", memory);
        report.put("scratch", scratch);
        return report;
    }
}
