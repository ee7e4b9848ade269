package io.agentrun.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentTest {
    @TempDir
    Path folder;

    @Test
    void isGivenAsItStandsInTheFile() throws Exception {
        String text = " {\"executionMode\": \"Continuous\", \"naïve\": [1, {\"deep\": null}]}\n";
        assertThat(document(text).read()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "   ",
                "[]",
                "\"text\"",
                "{",
                "{\"a\":}",
                "{} {}",
                "{}x",
                "{\"secret\": hunter2}",
                "{\"a\": \"\u0001\"}"
            })
    void anythingButOneObjectIsInvalid(String text) throws Exception {
        Document document = document(text);
        WorkerException e = catchThrowableOfType(WorkerException.class, document::read);
        assertThat(e.exit()).isEqualTo(Exit.ConfigInvalid);
        assertThat(e).hasMessageContaining("agent.json").hasMessageNotContainingAny("hunter2", "\n");
    }

    @Test
    void aMissingFileIsUnreadable() {
        WorkerException e =
                catchThrowableOfType(WorkerException.class, () -> new Document(folder.resolve("none.json")).read());
        assertThat(e.exit()).isEqualTo(Exit.ConfigUnreadable);
        assertThat(e).hasMessageEndingWith("none.json does not exist");
    }

    @Test
    void aFolderIsUnreadable() {
        WorkerException e = catchThrowableOfType(WorkerException.class, () -> new Document(folder).read());
        assertThat(e.exit()).isEqualTo(Exit.ConfigUnreadable);
    }

    @Test
    void whatNoConfigMapCanHoldIsUnreadable() throws Exception {
        String padding = " ".repeat(Document.MAX_BYTES);
        assertThat(document("{}" + padding.substring(2)).read()).hasSize(Document.MAX_BYTES);
        Document document = document("{}" + padding);
        WorkerException e = catchThrowableOfType(WorkerException.class, document::read);
        assertThat(e.exit()).isEqualTo(Exit.ConfigUnreadable);
        assertThat(e).hasMessageContaining("larger than 1048576 bytes");
    }

    private Document document(String text) throws Exception {
        return new Document(Files.write(folder.resolve("agent.json"), text.getBytes(StandardCharsets.UTF_8)));
    }
}
