package io.agentrun.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
    @Test
    void defaults() throws Exception {
        assertThat(Settings.from(Map.of()))
                .isEqualTo(new Settings(8080, Path.of("/etc/agentrun/agent.json"), Duration.ofSeconds(30)));
    }

    @ParameterizedTest
    @CsvSource({"30s,30000", "1m30s,90000", "1h,3600000", "250ms,250", "1h2m3s4ms,3723004", "0s,0"})
    void durationsAreGoText(String text, long milliseconds) throws Exception {
        assertThat(Settings.from(Map.of("AGENTRUN_SHUTDOWN_TIMEOUT", text)).shutdownTimeout())
                .isEqualTo(Duration.ofMillis(milliseconds));
    }

    @ParameterizedTest
    @CsvSource({
        "AGENTRUN_SHUTDOWN_TIMEOUT,30",
        "AGENTRUN_SHUTDOWN_TIMEOUT,PT30S",
        "AGENTRUN_SHUTDOWN_TIMEOUT,-30s",
        "AGENTRUN_SHUTDOWN_TIMEOUT,1d",
        "AGENTRUN_SHUTDOWN_TIMEOUT,9999999999s",
        "AGENTRUN_SHUTDOWN_TIMEOUT,''",
        "AGENTRUN_PORT,http",
        "AGENTRUN_PORT,-1",
        "AGENTRUN_PORT,65536",
        "AGENTRUN_PORT,99999999999",
        "AGENTRUN_PORT,''",
    })
    void aValueThatMakesNoSenseIsNamed(String name, String value) {
        WorkerException e = catchThrowableOfType(WorkerException.class, () -> Settings.from(Map.of(name, value)));
        assertThat(e.exit()).isEqualTo(Exit.SettingInvalid);
        assertThat(e).hasMessageContaining(name + " is \"" + value + "\": write ");
    }
}
