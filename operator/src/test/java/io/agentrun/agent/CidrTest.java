package io.agentrun.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {
    @ParameterizedTest(name = "{0} holds {1}: {2}")
    @CsvSource({
        "0.0.0.0/0, 169.254.0.0/16, true",
        "10.0.0.0/8, 10.255.255.255/32, true",
        "10.0.0.0/8, 10.0.0.0/8, true",
        "10.0.0.0/8, 10.0.0.0/7, false",
        "10.0.0.0/8, 11.0.0.0/8, false",
        "10.0.0.0/9, 10.128.0.0/9, false",
        "128.0.0.0/1, 255.255.255.255/32, true",
        "10.0.0.1, 10.0.0.1/32, true",
        "::/0, fd00:ec2::/32, true",
        "fd00::/8, fd00:ec2::254/128, true",
        "fd00:ec2::/32, fd00:ec3::/32, false",
        "FD00::/8, fd12:3456::/32, true",
        "::/0, 10.0.0.0/8, false",
        "0.0.0.0/0, ::/0, false",
        // Bits behind the prefix say nothing.
        "10.1.2.3/8, 10.9.9.9/32, true"
    })
    void holds(String outer, String inner, boolean holds) {
        assertThat(Cidr.of(outer).contains(Cidr.of(inner))).isEqualTo(holds);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "example.com/24",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/x",
                "::/129",
                "10.0.0.256/32",
                "a/8",
                "/8",
                "10.0.0.0/",
                "10.0.0.0/+8",
                "10.0.0.0/8/8",
                // Java would take these for other addresses than a reader does.
                "10/8",
                "10.1/16",
                "167772160/8",
                "010.0.0.0/8",
                "1.2.3.4.5/32",
                ":::/64",
                "12345::/64",
                "[::1]/128",
                "fe80::1%eth0/64",
                // Neither family: Java makes four bytes of it.
                "::ffff:10.0.0.0/104",
                "::ffff:10.0.0.0/24"
            })
    void refusesWhatIsNoRange(String text) {
        assertThatThrownBy(() -> Cidr.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not an address range: " + text);
    }
}
