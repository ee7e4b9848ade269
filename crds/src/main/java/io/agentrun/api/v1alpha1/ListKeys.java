package io.agentrun.api.v1alpha1;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What tells the items of a list apart. In the schema it becomes {@code x-kubernetes-list-type: map} with these keys, which
 * server-side apply merges by, or {@code set} without a key: the item itself. A list without this annotation is atomic.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.FIELD, ElementType.METHOD})
public @interface ListKeys {
    /** Names of the components that make the key, in order; empty for a list of texts. */
    String[] value() default {};
}
