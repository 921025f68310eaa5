// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Skips the suite where it cannot run, says why, and hands its tests the table. */
final class LabExtension implements ExecutionCondition, BeforeAllCallback, ParameterResolver {

    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(LabExtension.class);

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return Surroundings.obstacle()
                .map(why -> {
                    if (context.getTestMethod().isEmpty()) {
                        System.out.println("Skipped " + context.getDisplayName() + ": " + why);
                    }
                    return ConditionEvaluationResult.disabled(why);
                })
                .orElse(ConditionEvaluationResult.enabled("the lab can run here"));
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        Namespaces.removeStale();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == LabTable.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot().getStore(NAMESPACE).getOrComputeIfAbsent(LabTable.class);
    }
}
