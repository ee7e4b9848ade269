package io.agentrun.cluster;

import io.fabric8.kubernetes.api.model.Pod;

/**
 * A plain pod that is no agent's, so no policy and no hardening of ours holds it: what every probe must succeed in, or its
 * failure in an agent would prove nothing.
 */
final class Bystander {
    private Bystander() {}

    /** Root, privileged and with a token, in a namespace that allows it. */
    static Pod privileged(Cluster cluster) {
        return run(cluster, "control", "sleep", "privileged: true, runAsUser: 0", true);
    }

    /** Serves HTTP on port 8080 within the restricted standard. */
    static Pod server(Cluster cluster, String name) {
        return run(
                cluster,
                name,
                "serve",
                "allowPrivilegeEscalation: false, runAsNonRoot: true, runAsUser: 65532, capabilities: {drop: [ALL]}",
                false);
    }

    private static Pod run(Cluster cluster, String name, String what, String security, boolean token) {
        var command = what.equals("serve")
                ? "cd /tmp && echo hello > index.html && exec httpd -f -p 8080"
                : "trap exit TERM; while :; do sleep 1 & wait; done";
        cluster.client()
                .resource("""
                        apiVersion: v1
                        kind: Pod
                        metadata: {name: %s, namespace: %s, labels: {app: %s}}
                        spec:
                          automountServiceAccountToken: %s
                          terminationGracePeriodSeconds: 1
                          securityContext: {seccompProfile: {type: RuntimeDefault}}
                          containers:
                            - name: agent
                              image: %s
                              imagePullPolicy: Never
                              command: [sh, -c, "%s"]
                              securityContext: {%s}
                        """.formatted(name, cluster.namespace(), name, token, Cluster.TOOLS, command, security))
                .create();
        return Cluster.await(name + " to run")
                .until(
                        () -> cluster.client()
                                .pods()
                                .inNamespace(cluster.namespace())
                                .withName(name)
                                .get(),
                        pod -> pod.getStatus().getContainerStatuses().stream().anyMatch(s -> s.getReady()));
    }
}
