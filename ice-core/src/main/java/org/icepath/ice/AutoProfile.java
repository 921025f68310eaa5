// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

/**
 * Provides the profile of {@link IceProfile#auto}: a service ({@link java.util.ServiceLoader}), so that this package need not know which
 * dialects there are beside the standard.
 */
public interface AutoProfile {

    /** A profile that speaks the standard and other dialects, and settles on one with each peer. */
    IceProfile profile();
}
