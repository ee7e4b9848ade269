package io.agentrun.cli;

import io.agentrun.api.v1alpha1.Agent;
import io.agentrun.api.v1alpha1.AgentReader;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Manifests as they were read.
 *
 * @param agents every Agent that could be read, with its place
 * @param services every Service
 * @param faults what could not be read, each with its place
 */
record Manifests(List<Located> agents, List<Service> services, List<String> faults) {
    private static final Pattern DOCUMENTS = Pattern.compile("(?m)^---(?:[ \\t].*)?$");
    private static final Pattern KIND = Pattern.compile("(?m)^\\s*[\"']?kind[\"']?:\\s*[\"']?(\\w+)");

    /**
     * An Agent and where it stands.
     *
     * @param where file, and namespace/name
     */
    record Located(String where, Agent agent) {}

    /**
     * Reads files, folders and standard input.
     *
     * @param inputs paths, or {@code -}
     * @param namespace for objects that name none
     * @throws IOException when a path can't be read
     */
    static Manifests read(List<String> inputs, String namespace, InputStream standardInput) throws IOException {
        var manifests = new Manifests(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (var input : inputs) {
            if (input.equals("-")) {
                manifests.add("-", new String(standardInput.readAllBytes(), StandardCharsets.UTF_8), namespace);
                continue;
            }
            var path = Path.of(input);
            if (!Files.isReadable(path)) {
                throw new IOException("can't read " + input);
            }
            for (var file : files(path)) {
                manifests.add(file.toString(), Files.readString(file), namespace);
            }
        }
        return manifests;
    }

    private static List<Path> files(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        try (var tree = Files.walk(path)) {
            return tree.filter(file -> file.toString().matches(".*\\.(yaml|yml|json)"))
                    .sorted()
                    .toList();
        }
    }

    private void add(String file, String text, String namespace) {
        int number = 0;
        for (var document : DOCUMENTS.splitAsStream(text).toList()) {
            if (document.lines().allMatch(line -> line.isBlank() || line.strip().startsWith("#"))) {
                continue;
            }
            number++;
            var where = file + (number > 1 ? " (document " + number + ")" : "");
            var kind = KIND.matcher(document);
            switch (kind.find() ? kind.group(1) : "") {
                case "Agent" -> agent(where, document, namespace);
                case "Service" -> service(where, document, namespace);
                case "" -> faults.add(where + ": no kind: write kind: Agent");
                default -> {
                    // Not ours.
                }
            }
        }
    }

    private void agent(String where, String document, String namespace) {
        switch (AgentReader.read(document)) {
            case AgentReader.Read read -> {
                defaultNamespace(read.agent(), namespace);
                agents.add(new Located(
                        where + ": agent " + read.agent().getMetadata().getNamespace() + "/"
                                + read.agent().getMetadata().getName(),
                        read.agent()));
            }
            case AgentReader.Refused refused -> refused.faults().forEach(fault -> faults.add(where + ": " + fault));
        }
    }

    private void service(String where, String document, String namespace) {
        try {
            var service = Serialization.unmarshal(document, Service.class);
            defaultNamespace(service, namespace);
            services.add(service);
        } catch (RuntimeException e) {
            faults.add(where + ": not a Service that can be read: "
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
    }

    private static void defaultNamespace(HasMetadata object, String namespace) {
        if (object.getMetadata().getNamespace() == null) {
            object.getMetadata().setNamespace(namespace);
        }
    }
}
