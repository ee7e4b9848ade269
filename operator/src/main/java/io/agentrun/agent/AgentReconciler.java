package io.agentrun.agent;

import io.agentrun.api.v1alpha1.Agent;
import io.agentrun.api.v1alpha1.AgentRules;
import io.agentrun.api.v1alpha1.OperatingMode;
import io.agentrun.kube.NameTakenException;
import io.agentrun.kube.Owned;
import io.agentrun.restriction.Effective;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.RetryInfo;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Observe, restrict, render, apply, report: the whole way of an Agent, top to bottom.
 *
 * <p>JOSDK 5.3.2 swallows a spec change that lands while it writes a status (java-operator-sdk issues 3398 and 3455). Two
 * things keep that away, each enough by itself: {@link StatusWriter} writes by the plain client, and {@code
 * comparableResourceVersions = false}. {@code LostSpecChangeTest} slips a change in before every write, here and in a reconciler
 * that has neither.
 */
@ControllerConfiguration(
        name = "agent",
        fieldManager = Names.OPERATOR,
        generationAwareEventProcessing = false,
        informer = @Informer(comparableResourceVersions = false, onUpdateFilter = WishChanged.class))
@GradualRetry(maxAttempts = Integer.MAX_VALUE, initialInterval = 500, intervalMultiplier = 2.0, maxInterval = 300_000)
public final class AgentReconciler implements Reconciler<Agent> {
    private static final Logger LOG = Logger.getLogger(AgentReconciler.class);
    private static final Duration STALLED_RETRY = Duration.ofMinutes(5);
    private static final Duration BLOCKED_RETRY = Duration.ofSeconds(30);
    /** 3.5 s: a webhook that is only being restarted is no news. */
    private static final int RETRIES_BEFORE_A_WORD = 3;
    /** A backstop: whoever gives a place back wakes the next in line. */
    private static final Duration ROLLOUT_RETRY = Duration.ofMinutes(1);

    private final KubernetesClient client;
    private final OperatorConfig config;
    private final Clock clock;
    private final Rollouts rollouts;
    private final Restrictions restrictions;
    private final StatusWriter statuses;
    private final Owned owned;
    private final SimpleInboundEventSource<Agent> wake = new SimpleInboundEventSource<>("rollouts");
    private AgentSources sources;
    private ClusterFacts facts;

    /**
     * @param client for writes; reads come from informers
     * @param config defaults, caps, images
     * @param clock the time of conditions and patiences
     */
    public AgentReconciler(KubernetesClient client, OperatorConfig config, Clock clock) {
        this.client = client;
        this.config = config;
        this.clock = clock;
        this.rollouts = new Rollouts(config.rollout().maxConcurrentAgents());
        var caps = List.of(Restrictions.caps(config.caps()));
        this.restrictions = new Restrictions(List.of(agent -> caps));
        this.statuses = new StatusWriter(client, clock);
        this.owned = new Owned(client, object -> sources.written(object));
    }

    @Override
    public List<EventSource<?, Agent>> prepareEventSources(EventSourceContext<Agent> context) {
        sources = new AgentSources(context);
        facts = new ClusterFacts(context, config, ApiServerAddress.of(client.getConfiguration()));
        var all = new ArrayList<EventSource<?, Agent>>(sources.all());
        all.addAll(facts.all());
        all.add(wake);
        return all;
    }

    @Override
    public UpdateControl<Agent> reconcile(Agent received, Context<Agent> context) {
        var agent = statuses.freshest(received);
        if (paused(agent)) {
            statuses.paused(agent);
            return UpdateControl.noUpdate();
        }
        var reached = outcome(
                agent, context.getRetryInfo().map(RetryInfo::getAttemptCount).orElse(0));
        if (reached.isEmpty()) {
            return UpdateControl.noUpdate();
        }
        var outcome = reached.get();
        var pods = sources.pods(agent);
        var seen = new Observation(
                sources.deployment(agent).filter(d -> Owned.ownedBy(d, uid(agent))),
                pods,
                sources.warnings(pods),
                sources.policies(agent),
                facts.childrenProtected());
        var now = clock.instant();
        statuses.write(agent, Report.status(agent, seen, outcome, now));
        releasePlace(agent, seen, outcome);
        return again(outcome, Report.nextLook(seen, now).map(at -> Duration.between(now, at)));
    }

    /**
     * Empty when the namespace is on its way out, and everything in it: there is nobody to report to.
     *
     * @param retries how often it was tried again since it first failed
     */
    private Optional<Outcome> outcome(Agent agent, int retries) {
        var violations = AgentRules.violations(agent.getMetadata().getName(), agent.getSpec());
        if (!violations.isEmpty()) {
            return Optional.of(new Outcome.Stalled(new Problem("InvalidSpec", String.join("; ", violations))));
        }
        var platform = facts.platform();
        if (platform.isEmpty()) {
            return Optional.of(new Outcome.Blocked(new Problem(
                    "GatewayMissing",
                    "the Service " + Platform.Gateway.NAME + " does not exist in namespace " + config.namespace()
                            + ", so no agent can be proved isolated: apply k8s/base")));
        }
        var blocked = AgentNetworkPolicy.unreachable(agent, platform.get().protectedCidrs());
        if (!blocked.isEmpty()) {
            return Optional.of(new Outcome.Stalled(new Problem(
                    "RangeProtected",
                    "egress.cidrs " + String.join(", ", blocked)
                            + " lies among the addresses that no agent may reach (API"
                            + " server, instance metadata): remove it")));
        }
        var effective = Effective.of(
                agent.getSpec(), restrictions.of(agent), platform.get().defaults());
        var desired = Children.render(agent, effective, platform.get(), sources.services(agent));
        try {
            return Optional.of(apply(agent, effective, desired));
        } catch (NameTakenException e) {
            return Optional.of(new Outcome.Stalled(new Problem("NameTaken", e.getMessage())));
        } catch (KubernetesClientException e) {
            if (ApiErrors.namespaceEnds(e)) {
                return Optional.empty();
            }
            if (e.getCode() == 403 || e.getCode() == 422 || e.getCode() == 400) {
                LOG.warnf(
                        "%s/%s: %s",
                        agent.getMetadata().getNamespace(), agent.getMetadata().getName(), e.getMessage());
                return Optional.of(new Outcome.Blocked(new Problem("WriteRefused", ApiErrors.explain(e))));
            }
            if (ApiErrors.webhookFails(e) && retries >= RETRIES_BEFORE_A_WORD) {
                return Optional.of(new Outcome.Blocked(new Problem("WebhookFails", ApiErrors.explain(e))));
            }
            throw e;
        }
    }

    private Outcome apply(Agent agent, Effective effective, List<HasMetadata> desired) {
        var existing = sources.deployment(agent).filter(d -> Owned.ownedBy(d, uid(agent)));
        var wish = new ArrayList<HasMetadata>();
        var waits = false;
        for (var child : desired) {
            if (child instanceof Deployment deployment) {
                if (mustWait(agent, effective, deployment, existing)) {
                    waits = true;
                    var old = existing.orElseThrow();
                    deployment.getSpec().setTemplate(old.getSpec().getTemplate());
                    TemplateHash.copy(old, deployment);
                } else {
                    TemplateHash.stamp(deployment);
                }
                // A refused agent gets no new pods; those that run stay until a policy says evictRunning.
                if (!effective.refusals().isEmpty() && running(existing)) {
                    wish.add(existing.orElseThrow());
                    continue;
                }
            }
            wish.add(child);
        }
        for (var change : owned.apply(agent, wish, sources.children(agent))) {
            LOG.infof(
                    "%s/%s: %s %s%s",
                    agent.getMetadata().getNamespace(),
                    agent.getMetadata().getName(),
                    change.action(),
                    change.kind(),
                    change.path().isEmpty() ? "" : " (" + change.path() + " differed)");
        }
        if (agent.getSpec().operatingMode() == OperatingMode.Terminated) {
            sources.pods(agent).stream().filter(AgentReconciler::lingers).forEach(this::kill);
        }
        return new Outcome.Applied(effective, waits);
    }

    /** Only a template that changed by itself waits: not the owner's edit, not drift, not a stop. */
    private boolean mustWait(Agent agent, Effective effective, Deployment want, Optional<Deployment> existing) {
        return existing.isPresent()
                && effective.replicas().value() > 0
                && existing.get().getSpec().getReplicas() > 0
                && agent.getMetadata()
                        .getGeneration()
                        .equals(
                                agent.getStatus() == null
                                        ? null
                                        : agent.getStatus().observedGeneration())
                && TemplateHash.changed(want, existing.get())
                && !rollouts.mayStart(ResourceID.fromResource(agent), sources::exists);
    }

    private void releasePlace(Agent agent, Observation seen, Outcome outcome) {
        if (outcome instanceof Outcome.Applied applied
                && seen.deployment()
                        .filter(d ->
                                Report.settled(d, applied.effective().replicas().value()))
                        .isPresent()) {
            rollouts.done(ResourceID.fromResource(agent)).ifPresent(wake::propagateEvent);
        }
    }

    private static boolean running(Optional<Deployment> existing) {
        return existing.filter(d -> d.getSpec().getReplicas() > 0).isPresent();
    }

    private static boolean lingers(Pod pod) {
        var grace = pod.getMetadata().getDeletionGracePeriodSeconds();
        return pod.getMetadata().getDeletionTimestamp() == null || (grace != null && grace > 1);
    }

    private void kill(Pod pod) {
        client.resource(pod).withGracePeriod(1).delete();
    }

    private static UpdateControl<Agent> again(Outcome outcome, Optional<Duration> patience) {
        var next = switch (outcome) {
            case Outcome.Stalled stalled -> STALLED_RETRY;
            case Outcome.Blocked blocked -> BLOCKED_RETRY;
            case Outcome.Applied applied when !applied.effective().refusals().isEmpty() -> STALLED_RETRY;
            case Outcome.Applied applied when applied.waitsForRollout() -> ROLLOUT_RETRY;
            case Outcome.Applied applied -> patience.orElse(null);
        };
        var control = UpdateControl.<Agent>noUpdate();
        return next == null ? control : control.rescheduleAfter(next.plusMillis(100));
    }

    private static boolean paused(Agent agent) {
        var annotations = agent.getMetadata().getAnnotations();
        return annotations != null && "true".equals(annotations.get(Names.PAUSED));
    }

    private static String uid(Agent agent) {
        return agent.getMetadata().getUid();
    }

    @Override
    public ErrorStatusUpdateControl<Agent> updateErrorStatus(Agent agent, Context<Agent> context, Exception e) {
        // Errors are the API server's (busy, away, conflict): retried, and no reason to write a status through the same
        // door.
        return ErrorStatusUpdateControl.<Agent>noStatusUpdate();
    }
}
