// SPDX-License-Identifier: Apache-2.0
// Which defect of a campaign a model has. mutation.py puts all of them into one model, each behind this number.
package hb_defect_pkg;

  import "DPI-C" function int hilbert_defect();

  // 0: none. Set before the first evaluation, and never again.
  int chosen = hilbert_defect();

endpackage
