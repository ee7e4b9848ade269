/** What every controller of the project needs of Kubernetes: apply and prune, whole comparison, conditions, events. */
package io.agentrun.kube;
