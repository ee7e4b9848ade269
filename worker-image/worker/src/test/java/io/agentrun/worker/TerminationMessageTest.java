package io.agentrun.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TerminationMessageTest {
    private final Log log = Log.of(new PrintStream(OutputStream.nullOutputStream()), Clock.systemUTC(), Map.of());

    @Test
    void isOneLineOfJsonThatReplacesWhatWasThere(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("log"), "x".repeat(5000));
        new TerminationMessage(Exit.ConfigInvalid, "line one\nline \"two\"").writeTo(file, log);
        assertThat(Files.readString(file))
                .isEqualTo("{\"reason\":\"ConfigInvalid\",\"message\":\"line one\\nline \\\"two\\\"\"}\n");
    }

    @Test
    void staysValidJsonWhenItIsLong() throws Exception {
        JsonNode json =
                new ObjectMapper().readTree(new TerminationMessage(Exit.InternalError, "\"".repeat(5000)).json());
        assertThat(json.get("message").asText()).hasSize(1000);
    }

    @Test
    void makesNoFile(@TempDir Path folder) {
        Path file = folder.resolve("none");
        new TerminationMessage(Exit.InternalError, "x").writeTo(file, log);
        assertThat(file).doesNotExist();
    }
}
