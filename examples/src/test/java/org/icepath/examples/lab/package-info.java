// SPDX-License-Identifier: Apache-2.0
/**
 * The lab suite: {@code icepath.jar} as a process against other implementations and behind real NATs, in network namespaces.
 *
 * <p>Runs in the profile {@code lab} only. It needs root, the directory {@code shared} beside the checkout (or
 * {@code -Dicepath.shared=DIR}) and the Debian packages that {@code .ci/run} installs; where one of them is missing the
 * tests are skipped and say so. What a run did stands in {@code target/lab}, one file for each meeting.
 *
 * <ul>
 *   <li>{@code -Dicepath.lab.runs=N}: meetings of each cell, 20 if absent;
 *   <li>{@code -Dicepath.lab.exchanges=N}: calls of each cell with restarts or trickling against other implementations, 3 if absent;
 *   <li>{@code -Dicepath.lab.exchanges.with=libnice,chromium}: whom those calls go to, libnice alone if absent;
 *   <li>{@code -Dicepath.lab.promotions=N}: promotions against another implementation, 2 if absent;
 *   <li>{@code -Dicepath.lab.parallel=N}: meetings at a time;
 *   <li>{@code -Dicepath.lab.peer=libnice}: a control run, libnice in our place; it must pass all but the two cells
 *       that need what only we have: a preference for the LAN over the VPN, and a report.
 * </ul>
 */
@NullMarked
package org.icepath.examples.lab;

import org.jspecify.annotations.NullMarked;
