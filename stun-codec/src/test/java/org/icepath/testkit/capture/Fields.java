// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.capture;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.icepath.testkit.capture.DecodedContent.StunContent;
import org.jspecify.annotations.Nullable;

/** Named values in the order they were put, for reports. */
final class Fields {

    private final Map<String, @Nullable Object> fields = new LinkedHashMap<>();

    Fields with(String name, Object value) {
        fields.put(name, value);
        return this;
    }

    Fields withNullable(String name, @Nullable Object value) {
        fields.put(name, value);
        return this;
    }

    Fields withInner(List<StunContent> inner) {
        if (!inner.isEmpty()) {
            fields.put("inner", inner.stream().map(StunContent::fields).toList());
        }
        return this;
    }

    Fields withAll(Map<String, Object> others) {
        fields.putAll(others);
        return this;
    }

    /** The fields. A value may be null, which stands for "none" in a report. */
    @SuppressWarnings("NullAway") // a null value is part of the report's format, and readers only print it
    Map<String, Object> map() {
        return Collections.unmodifiableMap(fields);
    }
}
