package io.agentrun.api.v1alpha1;

/** What an agent may reach; the order of the constants is the order of strictness, mildest first. */
public enum EgressMode {
    /** The listed address ranges and the cluster's DNS, without the gateway. */
    Direct,
    /** The gateway only, which resolves names itself. */
    Proxy,
    /** Nothing, DNS included (ledger AR-59). */
    None
}
