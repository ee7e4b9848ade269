package io.agentrun.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScratchTest {
    @Test
    void showsFileSystemsInMemoryOnly(@TempDir Path folder) throws Exception {
        Path spaced = Files.createDirectory(folder.resolve("with space"));
        Path hidden = Files.createFile(folder.resolve("keys"));
        List<Scratch> found = Scratch.of(List.of(
                "overlay / overlay ro,relatime 0 0",
                "tmpfs " + folder + " tmpfs rw,size=65536k 0 0",
                "tmpfs " + folder + "/with\\040space tmpfs rw 0 0",
                "/dev/sda1 /var ext4 rw 0 0",
                "tmpfs /nonexistent tmpfs rw 0 0",
                "tmpfs " + hidden + " tmpfs rw 0 0",
                "tmpfs " + folder + " tmpfs rw,size=32768k 0 0", // mounted over: one place, not two metrics
                "not a mount"));
        assertThat(found).extracting(Scratch::path).containsExactly(folder.toString(), spaced.toString());
        assertThat(found).allSatisfy(place -> {
            assertThat(place.size()).isPositive();
            assertThat(place.used()).isBetween(0L, place.size());
        });
    }

    @Test
    void isBounded(@TempDir Path folder) throws Exception {
        List<String> mounts = new java.util.ArrayList<>();
        for (int i = 0; i < 100; i++) {
            mounts.add("tmpfs " + Files.createDirectory(folder.resolve("scratch" + i)) + " tmpfs rw 0 0");
        }
        assertThat(Scratch.of(mounts)).hasSize(16);
    }
}
