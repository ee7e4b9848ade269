package io.agentrun.api.v1alpha1;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.AbstractConstruct;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * YAML as kubectl reads it: {@code yes}, {@code on} and {@code y} are booleans, {@code 0777} is octal, times stay text, anchors and
 * merge keys work. Unlike kubectl it refuses a key that stands twice.
 */
final class YamlDocument {
    private static final ObjectMapper JSON = new ObjectMapper().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

    private static final int MAX_DEPTH = 50;
    private static final Pattern TRUE = Pattern.compile("y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON");

    private YamlDocument() {}

    /**
     * Reads one document of YAML or JSON.
     *
     * @throws IllegalArgumentException when it is neither, or more than one; the message is one line and names the place
     */
    static JsonNode parse(String text) {
        try {
            if (text.stripLeading().startsWith("{")) {
                // JSON may be indented by tabs, which YAML forbids.
                return JSON.readTree(text);
            }
            return JSON.valueToTree(textKeys(yaml().load(text), 0));
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            throw new IllegalArgumentException("line " + at.getLineNr() + ": " + firstLine(e.getOriginalMessage()), e);
        } catch (MarkedYAMLException e) {
            var at = e.getProblemMark();
            throw new IllegalArgumentException(
                    (at == null ? "" : "line " + (at.getLine() + 1) + ": ") + firstLine(e.getProblem()), e);
        } catch (YAMLException e) {
            throw new IllegalArgumentException(firstLine(e.getMessage()), e);
        }
    }

    private static String firstLine(String message) {
        return message == null ? "not YAML" : message.lines().findFirst().orElse("not YAML");
    }

    private static Yaml yaml() {
        var options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        return new Yaml(
                new KubectlConstructor(options),
                new Representer(new DumperOptions()),
                new DumperOptions(),
                options,
                new KubectlResolver());
    }

    /** JSON has only text as key, and no object that holds itself. */
    private static Object textKeys(Object value, int depth) {
        if (depth > MAX_DEPTH) {
            throw new YAMLException("nested too deep, or an alias that holds itself");
        }
        return switch (value) {
            case Map<?, ?> map -> {
                var texts = new LinkedHashMap<String, Object>();
                map.forEach((key, entry) -> texts.put(String.valueOf(key), textKeys(entry, depth + 1)));
                yield texts;
            }
            case List<?> list ->
                list.stream().map(item -> textKeys(item, depth + 1)).toList();
            case null, default -> value;
        };
    }

    private static final class KubectlConstructor extends SafeConstructor {
        KubectlConstructor(LoaderOptions options) {
            super(options);
            yamlConstructors.put(Tag.BOOL, new AbstractConstruct() {
                @Override
                public Object construct(Node node) {
                    return TRUE.matcher(((ScalarNode) node).getValue()).matches();
                }
            });
        }
    }

    /** What plain words mean. */
    private static final class KubectlResolver extends Resolver {
        private static final Pattern BOOLEAN =
                Pattern.compile(TRUE.pattern() + "|n|N|no|No|NO|false|False|FALSE|off|Off|OFF");
        private static final Pattern WHOLE = Pattern.compile("[-+]?(0b[01_]+|0[0-7_]+|0x[0-9a-fA-F_]+|0|[1-9][0-9_]*)");
        private static final Pattern FRACTION =
                Pattern.compile("[-+]?([0-9][0-9_]*([.][0-9_]*)?|[.][0-9][0-9_]*)([eE][-+]?[0-9]{1,2})?");

        @Override
        protected void addImplicitResolvers() {
            addImplicitResolver(Tag.BOOL, BOOLEAN, "yYnNtTfFoO");
            addImplicitResolver(Tag.INT, WHOLE, "-+0123456789");
            addImplicitResolver(Tag.FLOAT, FRACTION, "-+0123456789.");
            addImplicitResolver(Tag.MERGE, MERGE, "<");
            addImplicitResolver(Tag.NULL, NULL, "~nN\0");
            addImplicitResolver(Tag.NULL, EMPTY, null);
        }
    }
}
