/**
 * The {@code agentrun} command line: verbs that need no cluster, in a plain {@code main} beside the operator (a start without
 * Quarkus takes a fifth of the time, and standard output stays clean).
 */
package io.agentrun.cli;
