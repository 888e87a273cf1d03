# SPDX-License-Identifier: Apache-2.0
"""The mutants: defects of the RTL that the suites must notice."""

from mutation import Mutant

# `file` is below rtl/; `check` a name in run_mutants.py, or golden/ and the name of a vector file, or conformance/ and that of a suite.
MUTANTS = (
    # The dot-product cell (vectors/README.md section 2)
    Mutant("cell-ties", "golden/steps", "the sum is rounded half up, not half to even", "mxu/hb_dot_cell.sv",
           "norm[6] && (norm[7] || norm[5:0] != 6'd0)", "norm[6]"),
    Mutant("cell-anchor", "golden/random", "a product that is zero sets the anchor", "mxu/hb_dot_cell.sv",
           "if (a_nonzero_i[i] && b_nonzero_i[i] && q > anchor)", "if (q > anchor)"),
    Mutant("cell-window", "golden/random", "the products' window is one bit narrower", "mxu/hb_dot_cell.sv",
           "sum   = sum + ((term ^ {32{prod_sign[i]}})", "sum   = sum + (((term & ~32'd1) ^ {32{prod_sign[i]}})"),
    Mutant("cell-subnormal", "golden/underflow", "a sum below the normal range is normalised once too often", "mxu/hb_dot_cell.sv",
           "limit      = anchor - 9'd124", "limit      = anchor - 9'd123"),
    Mutant("cell-underflow", "golden/underflow", "the flag underflow is never raised by a sum", "mxu/hb_dot_cell.sv",
           "flags_o[hb_job_pkg::FlagUnderflow] = packed_mag[30:23] == 8'd0", "flags_o[hb_job_pkg::FlagUnderflow] = 1'b0"),
    Mutant("cell-int-range", "golden/int8", "int8's range ends at 2^25", "mxu/hb_dot_cell.sv",
           "packed_mag[30:23] >= 8'd151", "packed_mag[30:23] > 8'd151"),

    # Operands, order and masks (sections 1 and 6)
    Mutant("decode-literal", "golden/literal", "the literal rule for subnormals is ignored in operands", "mxu/hb_operand_dec.sv",
           "!hidden && !(cfloat && literal_i)", "!hidden"),
    Mutant("step-order", "golden/formats", "the two steps in a word of 8-bit codes change places", "tile/hb_slice.sv",
           "word_i[index_i*(Codes*8) +: Codes*8]", "word_i[(~index_i)*(Codes*8) +: Codes*8]"),
    Mutant("mask-k", "conformance", "the D terms beyond K are not zeroed", "tile/hb_gemm.sv",
           "k_valid[d] = k_rest > 16'(d)", "k_valid[d] = 1'b1"),
    Mutant("mask-row", "golden/corners", "rows beyond M are computed and raise flags", "tile/hb_gemm.sv",
           "row_valid[r] = rows_rest > 16'(r)", "row_valid[r] = 1'b1"),
    Mutant("mask-column", "conformance", "columns beyond N are not zeroed in a result", "tile/hb_chunk_walk.sv",
           "col_in[c] = cols_left_q > 16'(c)", "col_in[c] = 1'b1"),

    # Double-buffered accumulators
    Mutant("shadow-overwritten", "fuzz", "a block ends although the one before it has not drained", "mxu/hb_array.sv",
           "stall_result_o = valid_q && last_q && !drained", "stall_result_o = 1'b0"),
    Mutant("drain-ready", "fuzz", "a result counts as gone when nobody has taken it", "mxu/hb_array.sv",
           "drain_fire    = drain_valid_o && drain_ready_i", "drain_fire    = drain_valid_o"),
    Mutant("load-last", "fuzz", "the last chunk of C is taken before it has come", "mxu/hb_array.sv",
           "load_here ? load_data[Lane*32 +: 32] : shadow_q;\n      else if (last_go)", "shadow_q;\n      else if (last_go)"),

    # Result conversion and stochastic rounding (sections 3 and 4)
    Mutant("encode-ties", "golden/ties", "what lies just above a tie is rounded as a tie", "mxu/hb_result_enc.sv",
           "frac == 16'h8000 && dropped == 24'd0 && !kept[0]", "frac == 16'h8000 && !kept[0]"),
    Mutant("encode-saturate", "golden/overflow", "an overflow saturates whether asked or not", "mxu/hb_result_enc.sv",
           "clamps  = cfloat || is_int || saturate_i", "clamps  = 1'b1"),
    Mutant("encode-relu", "golden/convert", "ReLU leaves a -0 as it is", "mxu/hb_result_enc.sv",
           "relu_i && value_i[31] && !is_nan", "relu_i && value_i[31] && !is_nan && value_i[30:0] != 31'd0"),
    Mutant("encode-gap", "golden/literal", "the gap of the literal rule rounds by the subnormals' unit", "mxu/hb_result_enc.sv",
           "if (gap) limit = limit +", "if (1'b0) limit = limit +"),
    Mutant("hash-round", "golden/stochastic", "the random numbers come of seven rounds", "mxu/hb_sr_hash.sv",
           "Rounds = 8", "Rounds = 7"),
    Mutant("hash-odd", "golden/stochastic", "at an odd origin neighbours change their random numbers", "mxu/hb_result.sv",
           "col[0] ? random[(d+1)*16 +: 16] : random[d*16 +: 16]", "random[d*16 +: 16]"),

    # Addresses and packing
    Mutant("stride-operand", "golden/shapes", "an operand's next panel begins one word late", "tile/hb_fetch.sv",
           "else panel_next = panel_q + stride_i;", "else panel_next = panel_q + stride_i + 1'b1;"),
    Mutant("stride-result", "fuzz", "the result's stride is ignored", "tile/hb_pack.sv",
           "addr_q <= end_q ? panel_next : addr_q + 1'b1", "addr_q <= addr_q + 1'b1"),
    Mutant("pack-rest", "fuzz", "the rest of a panel's last word keeps old bytes", "tile/hb_pack.sv",
           "word_q <= {{(3*Quarter){1'b0}}, data_i[Quarter-1:0]}", "word_q[Quarter-1:0] <= data_i[Quarter-1:0]"),
    Mutant("check-overlap", "fuzz", "a result may overwrite the last word of an operand", "tile/hb_desc_check.sv",
           "base[IndexW-1:0] <= d_last_q", "base[IndexW-1:0] < d_last_q"),
    Mutant("check-stride", "fuzz", "panels of a result may share a word", "tile/hb_desc_check.sv",
           "CompareW'(stride) <= CompareW'(last)", "CompareW'(stride) < CompareW'(last)"),

    # Memory protection
    Mutant("ecc-neighbour", "conformance/Ecc", "the neighbour of the wrong bit is flipped", "tile/hb_word_dec.sv",
           "data_o[l*64 + i] = !data_i[l*64 + i]", "data_o[l*64 + (i ^ 1)] = !data_i[l*64 + (i ^ 1)]"),
    Mutant("ecc-double", "conformance/Ecc", "two wrong bits pass as corrected", "tile/hb_word_dec.sv",
           "else     ue_o   = 1'b1", "else     any_ce = 1'b1"),
    Mutant("scrub-write", "conformance/Ecc", "the scrubber counts a repair and does not write it", "tile/hb_bank.sv",
           "heal1_q ? dec_ue : dec_ce))", "heal1_q && dec_ue))"),
    Mutant("poison-job", "conformance", "a job that read an uncorrectable word ends well", "tile/hb_seq.sv",
           "if (poison_i) status_q", "if (1'b0) status_q"),
    Mutant("poison-descriptor", "conformance", "an uncorrectable descriptor is run", "tile/hb_desc_fetch.sv",
           "if (ue_i && !poisoned_q)", "if (1'b0)"),
    Mutant("poison-address", "conformance", "the poisoned address is that of the read behind", "tile/hb_fetch.sv",
           "poison_addr_o = {1'b0, addr2_q}", "poison_addr_o = {1'b0, addr1_q}"),

    # Controller and its memory
    Mutant("merge-unlocked", "conformance/ControllerBus", "a write comes between the two halves of a merge and is lost", "tile/hb_bank.sv",
           "ready_o = !clear_i && !lock1_q && !lock2_q", "ready_o = !clear_i && !lock2_q"),
    Mutant("merge-launder", "conformance/ControllerBus", "a merge makes an uncorrectable word look good", "tile/hb_bank.sv",
           "merge1_q ? !dec_ue : heal1_q", "merge1_q ? 1'b1 : heal1_q"),
    Mutant("merge-bytes", "conformance/Controller", "a byte stored changes its three neighbours", "tile/hb_bank.sv",
           "PieceWidth'(b / 4) && merge_be_i[b%4]", "PieceWidth'(b / 4)"),
    Mutant("scrub-controller", "conformance/Ecc", "the scrubber never reaches the controller's memory", "tile/hb_scrub.sv",
           "next = {hb_mem_pkg::RegionCpu, IndexW'(0)}", "next = {hb_mem_pkg::RegionData, IndexW'(0)}"),
    Mutant("fetch-poison", "conformance/ControllerBus", "an uncorrectable instruction is executed", "cpu/hb_controller_bus.sv",
           "f_bad2_q || (i_rvalid_i && i_ue_i)", "f_bad2_q"),
    Mutant("load-nowhere", "conformance/ControllerBus", "a load from where nothing is succeeds", "cpu/hb_controller_bus.sv",
           "d_err_o    = bad1_q || ", "d_err_o    = "),
    Mutant("register-byte", "conformance/ControllerBus", "a byte of a register can be stored", "cpu/hb_controller_bus.sv",
           "hb_job_pkg::RegistersBase[31:16] && d_be_i == '1", "hb_job_pkg::RegistersBase[31:16]"),
    Mutant("watchdog-halt", "conformance/Controller", "the watchdog counts while the core is halted", "cpu/hb_controller_regs.sv",
           "halt_q ? watchdog_q : watchdog_q + 32'd1", "watchdog_q + 32'd1"),
    Mutant("watchdog-kick", "conformance/Controller", "kicking the watchdog does not help", "cpu/hb_controller_regs.sv",
           "(addr == hb_cpu_regs_pkg::WdtPeriod || addr == hb_cpu_regs_pkg::WdtKick)", "addr == hb_cpu_regs_pkg::WdtPeriod"),
    Mutant("timer-half", "conformance/Controller", "the timer compares the low words alone", "cpu/hb_controller_regs.sv",
           "timer_q <= mtime_q >= mtimecmp_q", "timer_q <= mtime_q[31:0] >= mtimecmp_q[31:0]"),
    Mutant("lockup-silent", "conformance/Controller", "nobody is told of a lock-up", "cpu/hb_controller_regs.sv",
           "if (lockup_i && !lockup_q)", "if (1'b0)"),
    Mutant("step-lost", "conformance/Controller", "a step asked for before the core has halted is forgotten", "cpu/hb_controller_regs.sv",
           "if (step_o || !run_o) step_q <= 1'b0", "step_q <= 1'b0"),

    # Healing
    Mutant("heal-any", "conformance/Ecc", "healing wipes out good words", "tile/hb_bank.sv", "heal1_q ? dec_ue : dec_ce))", "heal1_q || dec_ce))"),
    Mutant("heal-nothing", "conformance/Ecc", "healing counts and writes nothing", "tile/hb_bank.sv",
           "heal1_q ? dec_ue : dec_ce))", "!heal1_q && dec_ce))"),
    Mutant("heal-report", "conformance/Ecc", "healing reports the word again", "tile/hb_bank.sv", "dec_ue && !heal1_q", "dec_ue"),
    Mutant("heal-elsewhere", "conformance/Ecc", "an address outside memory heals a word inside it", "tile/hb_csr.sv",
           "!mem_i.heal_busy && in_memory(reg_wdata_i)", "!mem_i.heal_busy"),

    # Queue, semaphores, host port
    Mutant("semaphore-wait", "conformance", "a job does not wait for its semaphore", "tile/hb_sem.sv",
           "(job_signal_i || sum[16])", "1'b1"),
    Mutant("semaphore-saturate", "conformance", "a semaphore wraps at 65535", "tile/hb_sem.sv",
           "else if (!take && sum[16]) result = '1;", ""),
    Mutant("signal-refused", "chip", "a refused job signals its semaphore", "tile/hb_seq.sv",
           "(state_q == Retire && !refused &&", "(state_q == Retire &&"),
    Mutant("completion-status", "chip", "an aborted job says that it ended well", "tile/hb_seq.sv",
           "if (abort_q || abort_i) status_q", "if (1'b0) status_q"),
    Mutant("port-address", "chip", "a register burst steps by a memory word", "tile/hb_host_port.sv",
           "addr_q[31] ? 32'd4 : 32'(WordBytes)", "32'(WordBytes)"),
    Mutant("port-room", "conformance", "an answer is lost when the host stalls long enough", "tile/hb_host_port.sv",
           "room    = claimed < 3'd4", "room    = claimed < 3'd5"),

    # Promises between units: results stay right, and an assertion in the RTL is what notices
    Mutant("promise-grant", "golden/shapes", "a grant that nobody took goes to the next requester", "prim/hb_arbiter.sv",
           "ready_i ? (from_gnt ^ gnt_o) : from_gnt", "from_gnt ^ gnt_o", "hb_arbiter_grant_stands"),
    Mutant("promise-fetch", "golden/shapes", "a read of an operand that waits is withdrawn for a clock", "tile/hb_fetch.sv",
           "used_q != UsedW'(FifoDepth);", "used_q != UsedW'(FifoDepth) && !flight2_q;", "hb_fetch_req_held.valid_stays_until_ready"),
    Mutant("promise-port", "golden/shapes", "an access of the host that waits is withdrawn for a clock", "tile/hb_host_port.sv",
           "h_req_o     = data_beat && kind == KindMem;", "h_req_o     = data_beat && kind == KindMem && (valid1_q || !valid2_q);",
           "h_held.valid_stays_until_ready"),
)
