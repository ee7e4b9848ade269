package io.agentrun.api.v1alpha1;

import io.fabric8.crd.generator.annotation.SchemaFrom;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One component of a record of the API, as its annotations describe it: the same annotations that make the schema.
 *
 * @param name name in the document
 * @param type class of the value
 * @param element class of an item of a list or a value of a map; the type itself elsewhere
 * @param required whether it must be set
 * @param size bounds of a text's characters, of a list's items or of a map's entries
 * @param elementSize the same for an item
 * @param range least and greatest number
 * @param keys what tells the items of a list apart; empty when the list is atomic, an empty list when it is the item itself
 * @param text whether the schema wants text where the class would take a number as well
 * @param rules the CEL rules
 */
record ApiField(
        String name,
        Class<?> type,
        Class<?> element,
        boolean required,
        Optional<Size> size,
        Optional<Size> elementSize,
        Optional<Range> range,
        Optional<List<String>> keys,
        boolean text,
        List<ValidationRule> rules,
        Method accessor) {
    private static final ClassValue<List<ApiField>> FIELDS = new ClassValue<>() {
        @Override
        protected List<ApiField> computeValue(Class<?> type) {
            return Arrays.stream(type.getRecordComponents()).map(ApiField::of).toList();
        }
    };

    /** Bounds of a whole number, both included. */
    record Range(long least, long greatest) {}

    /** The components of a record, in order. */
    static List<ApiField> of(Class<?> record) {
        return FIELDS.get(record);
    }

    /** Whether a class is a record of the API with components of its own, which {@link GoDuration}, a text, is not. */
    static boolean isObject(Class<?> type) {
        return type.isRecord() && type != GoDuration.class;
    }

    private static ApiField of(RecordComponent component) {
        var accessor = component.getAccessor();
        var type = component.getType();
        var element = type;
        var elementSize = Optional.<Size>empty();
        if (type == List.class || type == Map.class) {
            var arguments =
                    ((AnnotatedParameterizedType) accessor.getAnnotatedReturnType()).getAnnotatedActualTypeArguments();
            var last = arguments[arguments.length - 1];
            element = (Class<?>) last.getType();
            elementSize = Optional.ofNullable(last.getAnnotation(Size.class));
        }
        return new ApiField(
                component.getName(),
                type,
                element,
                accessor.isAnnotationPresent(Required.class),
                Optional.ofNullable(accessor.getAnnotation(Size.class)),
                elementSize,
                range(accessor),
                Optional.ofNullable(accessor.getAnnotation(ListKeys.class)).map(keys -> List.of(keys.value())),
                isText(component),
                List.of(accessor.getAnnotationsByType(ValidationRule.class)),
                accessor);
    }

    /** {@link SchemaFrom} is kept at the field only. */
    private static boolean isText(RecordComponent component) {
        return Arrays.stream(component.getDeclaringRecord().getDeclaredFields())
                .filter(field -> field.getName().equals(component.getName()))
                .anyMatch(field -> field.isAnnotationPresent(SchemaFrom.class));
    }

    private static Optional<Range> range(Method accessor) {
        var least = accessor.getAnnotation(Min.class);
        var greatest = accessor.getAnnotation(Max.class);
        return least == null && greatest == null
                ? Optional.empty()
                : Optional.of(new Range(
                        least == null ? Long.MIN_VALUE : (long) least.value(),
                        greatest == null ? Long.MAX_VALUE : (long) greatest.value()));
    }

    /** The value of this component in {@code record}; null when it is not set. */
    Object value(Object record) {
        try {
            return accessor.invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("can't read " + accessor, e);
        }
    }
}
