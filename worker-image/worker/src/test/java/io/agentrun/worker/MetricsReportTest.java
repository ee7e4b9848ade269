package io.agentrun.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class MetricsReportTest {
    private static final Pattern SAMPLE =
            Pattern.compile("([a-z_]+)(\\{([a-z]+=\"(\\\\.|[^\"\\\\])*\",?)+})? [0-9.E+-]+");

    private final String text = MetricsReport.of(
            new Vitals(
                    1.5, 1024, 10, 5, 100, 7, 2048, List.of(new Scratch("/tmp", 1, 2), new Scratch("/a\"b\\c", 3, 4))),
            true,
            2);

    @Test
    void holdsEveryValue() {
        assertThat(text.lines())
                .contains(
                        "agentrun_worker_uptime_seconds 1.5",
                        "agentrun_worker_draining 1",
                        "agentrun_worker_requests_in_flight 2",
                        "agentrun_worker_scratch_used_bytes{path=\"/tmp\"} 1",
                        "agentrun_worker_scratch_size_bytes{path=\"/a\\\"b\\\\c\"} 4",
                        "process_resident_memory_bytes 1024",
                        "process_open_fds 7",
                        "process_max_fds 2048",
                        "jvm_memory_used_bytes{area=\"heap\"} 5",
                        "jvm_memory_committed_bytes{area=\"heap\"} 10",
                        "jvm_memory_max_bytes{area=\"heap\"} 100");
        assertThat(text).contains("agentrun_worker_build_info{version=");
    }

    @Test
    void isWellFormed() {
        assertThat(text).endsWith("\n");
        Set<String> declared = new HashSet<>();
        Set<String> series = new HashSet<>();
        for (String line : text.lines().toList()) {
            if (line.startsWith("# TYPE ")) {
                assertThat(declared.add(line.split(" ", 4)[2])).as(line).isTrue();
            } else if (!line.startsWith("# HELP ")) {
                assertThat(line).matches(SAMPLE);
                assertThat(declared).contains(line.replaceFirst("[{ ].*", ""));
                assertThat(series.add(line.replaceFirst(" [^ ]*$", "")))
                        .as(line)
                        .isTrue();
            }
        }
    }
}
