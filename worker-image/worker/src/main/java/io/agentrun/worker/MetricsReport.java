package io.agentrun.worker;

/** The body of {@code GET /metrics}, in Prometheus' text format 0.0.4. */
final class MetricsReport {
    static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final StringBuilder text = new StringBuilder(2048);
    private String metric = "";

    private MetricsReport() {}

    static String of(Vitals vitals, boolean draining, int inFlight) {
        MetricsReport report = new MetricsReport();
        report.gauge("agentrun_worker_uptime_seconds", "Time since the worker's start.")
                .sample("", vitals.uptimeSeconds());
        report.gauge("agentrun_worker_draining", "1 after SIGTERM, while accepted requests finish.")
                .sample("", draining ? 1 : 0);
        report.gauge("agentrun_worker_requests_in_flight", "Requests being answered, health and metrics left out.")
                .sample("", inFlight);
        report.gauge("agentrun_worker_build_info", "1, with the versions of worker and Java.")
                .sample(
                        label("version", version()) + ","
                                + label("java", Runtime.version().toString()),
                        1);
        report.gauge("agentrun_worker_scratch_used_bytes", "Bytes in a writable place in memory.");
        vitals.scratch().forEach(place -> report.sample(label("path", place.path()), place.used()));
        report.gauge("agentrun_worker_scratch_size_bytes", "Bytes that a writable place in memory may hold.");
        vitals.scratch().forEach(place -> report.sample(label("path", place.path()), place.size()));
        report.gauge("process_resident_memory_bytes", "Resident memory (VmRSS), mapped files included.")
                .sample("", vitals.residentBytes());
        report.gauge("process_open_fds", "File descriptors in use.").sample("", vitals.openFiles());
        report.gauge("process_max_fds", "File descriptors allowed.").sample("", vitals.maxOpenFiles());
        report.gauge("jvm_memory_used_bytes", "Heap in use.").sample(label("area", "heap"), vitals.heapUsedBytes());
        report.gauge("jvm_memory_committed_bytes", "Heap held by the JVM.")
                .sample(label("area", "heap"), vitals.heapTotalBytes());
        report.gauge("jvm_memory_max_bytes", "Heap that the JVM may hold.")
                .sample(label("area", "heap"), vitals.heapMaxBytes());
        return report.text.toString();
    }

    private MetricsReport gauge(String name, String help) {
        metric = name;
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(" gauge\n");
        return this;
    }

    private void sample(String labels, Number value) {
        text.append(metric);
        if (!labels.isEmpty()) {
            text.append('{').append(labels).append('}');
        }
        text.append(' ').append(value).append('\n');
    }

    private static String label(String name, String value) {
        return name + "=\"" + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
    }

    private static String version() {
        String version = MetricsReport.class.getPackage().getImplementationVersion();
        return version == null ? "unpackaged" : version;
    }
}
