// SPDX-License-Identifier: Apache-2.0
// Chip-to-chip link: identity, mode, lanes, bounds, interrupt and counters. Made from link.toml by scripts/regmap.py: do not edit.
`default_nettype none

// No unit uses all of it.
/* verilator lint_off UNUSEDPARAM */
package hb_link_regs_pkg;
  localparam logic [31:0] Base = 32'h80002000;  // byte address of the block
  localparam logic [31:0] IdValue = 32'h48424C4B;  // what ID reads
  localparam logic [31:0] VersionValue = 32'h00010000;  // what VERSION reads
  localparam logic [31:0] HashValue = 32'hDA78F200;  // what MAP_HASH reads
  localparam logic [31:0] Size = 32'h00000120;  // bytes of the block
  localparam logic [31:0] Copies = 32'h00000004;  // blocks of this kind
  localparam logic [31:0] Spacing = 32'h00000400;  // bytes from one to the next
  localparam logic [31:0] Id = 32'h00000000;  // Identity: 0x48424C4B, `HBLK`.
  localparam logic [31:0] Version = 32'h00000004;  // Version of the map: major 31:16, minor 15:0.
  localparam logic [31:0] MapHash = 32'h00000008;  // First 32 bits of the SHA-256 of this map without its descriptions.
  localparam logic [31:0] Cfg = 32'h0000000C;  // Synthesis parameters of the link.
  localparam logic [31:0] CfgLanesLsb = 32'h00000000;  // Lanes: 1, 2 or 4
  localparam logic [31:0] CfgLanesMask = 32'h0000000F;
  localparam logic [31:0] CfgProtocolLsb = 32'h00000004;  // Version of the protocol on the wire
  localparam logic [31:0] CfgProtocolMask = 32'h000000F0;
  localparam logic [31:0] CfgMaxWordsLsb = 32'h00000008;  // Longest flit, words
  localparam logic [31:0] CfgMaxWordsMask = 32'h0000FF00;
  localparam logic [31:0] CfgWindowLsb = 32'h00000010;  // Flits in flight
  localparam logic [31:0] CfgWindowMask = 32'h00FF0000;
  localparam logic [31:0] CfgCounterBitsLsb = 32'h00000018;  // Width of every counter: it counts modulo 2^COUNTER_BITS
  localparam logic [31:0] CfgCounterBitsMask = 32'hFF000000;
  localparam logic [31:0] CfgBuffers = 32'h00000010;  // Memories of the link.
  localparam logic [31:0] CfgBuffersBufferWordsLsb = 32'h00000000;  // Receive buffer of a virtual channel, words
  localparam logic [31:0] CfgBuffersBufferWordsMask = 32'h0000FFFF;
  localparam logic [31:0] CfgBuffersReplayWordsLsb = 32'h00000010;  // Replay buffer, words
  localparam logic [31:0] CfgBuffersReplayWordsMask = 32'hFFFF0000;
  localparam logic [31:0] Ctrl = 32'h00000014;  // What the link is to do.
  localparam logic [31:0] CtrlModeLsb = 32'h00000000;  // MODE; 3 reads back as 0
  localparam logic [31:0] CtrlModeMask = 32'h00000003;
  localparam logic [31:0] CtrlOpenLsb = 32'h00000004;  // Write 1: forget everything in flight and open a new session; reads 0
  localparam logic [31:0] CtrlOpenMask = 32'h00000010;
  localparam logic [31:0] CtrlReopenLsb = 32'h00000005;  // Open a new session without being asked when the partner was reset
  localparam logic [31:0] CtrlReopenMask = 32'h00000020;
  localparam logic [31:0] CtrlClearLsb = 32'h00000006;  // Write 1: all counters to zero; reads 0
  localparam logic [31:0] CtrlClearMask = 32'h00000040;
  localparam logic [31:0] Status = 32'h00000018;  // What the link does now.
  localparam logic [31:0] StatusStateLsb = 32'h00000000;  // STATE
  localparam logic [31:0] StatusStateMask = 32'h0000000F;
  localparam logic [31:0] StatusUpLsb = 32'h00000004;  // Active, and the receiver is in step
  localparam logic [31:0] StatusUpMask = 32'h00000010;
  localparam logic [31:0] StatusHuntingLsb = 32'h00000005;  // The receiver looks for a resync
  localparam logic [31:0] StatusHuntingMask = 32'h00000020;
  localparam logic [31:0] StatusTxWidthLsb = 32'h00000008;  // Lanes used to send; 0 while not active
  localparam logic [31:0] StatusTxWidthMask = 32'h00000700;
  localparam logic [31:0] StatusRxWidthLsb = 32'h0000000C;  // Lanes used to receive; 0 while not active
  localparam logic [31:0] StatusRxWidthMask = 32'h00007000;
  localparam logic [31:0] StatusTxLanesLsb = 32'h00000010;  // Which lanes send
  localparam logic [31:0] StatusTxLanesMask = 32'h000F0000;
  localparam logic [31:0] StatusRxLanesLsb = 32'h00000014;  // Which lanes receive
  localparam logic [31:0] StatusRxLanesMask = 32'h00F00000;
  localparam logic [31:0] StatusBertLockedLsb = 32'h00000018;  // Lanes whose checker runs with the partner's sequence
  localparam logic [31:0] StatusBertLockedMask = 32'h0F000000;
  localparam logic [31:0] Reason = 32'h0000001C;  // Why the link last went down, or why its session last ended: REASON. Stays through a new session.
  localparam logic [31:0] LaneEnable = 32'h00000020;  // Lanes that may be used, a bit a lane; bits of lanes that the link does not have read 0. Takes effect with the next training.
  localparam logic [31:0] LaneEnableReset = 32'h0000000F;  // value after reset
  localparam logic [31:0] LanesHeard = 32'h00000024;  // What training found.
  localparam logic [31:0] LanesHeardHeardLsb = 32'h00000000;  // Lanes on which the partner is heard
  localparam logic [31:0] LanesHeardHeardMask = 32'h0000000F;
  localparam logic [31:0] LanesHeardPartnerLsb = 32'h00000004;  // Lanes that the partner says it hears
  localparam logic [31:0] LanesHeardPartnerMask = 32'h000000F0;
  localparam logic [31:0] LanesHeardCrossedLsb = 32'h00000008;  // Lanes that carry another lane's number: crossed wires
  localparam logic [31:0] LanesHeardCrossedMask = 32'h00000F00;
  localparam logic [31:0] Node = 32'h00000028;  // 15:0: a number that software gives this end (chip and port), shown to the partner.
  localparam logic [31:0] PartnerNode = 32'h0000002C;  // 15:0: NODE of the partner, from the last good training set; 0 if none was heard.
  localparam logic [31:0] PartnerSettings = 32'h00000030;  // Settings of the partner, from the last good training set; 0 if none was heard.
  localparam logic [31:0] PartnerSettingsMaxWordsLsb = 32'h00000000;  // Its longest flit, words
  localparam logic [31:0] PartnerSettingsMaxWordsMask = 32'h000000FF;
  localparam logic [31:0] PartnerSettingsLog2BufferLsb = 32'h00000008;  // log2 of its BUFFER_WORDS
  localparam logic [31:0] PartnerSettingsLog2BufferMask = 32'h00000F00;
  localparam logic [31:0] PartnerSettingsLanesLsb = 32'h0000000C;  // Lanes that it has
  localparam logic [31:0] PartnerSettingsLanesMask = 32'h0000F000;
  localparam logic [31:0] PartnerSettingsProtocolLsb = 32'h00000010;  // Its version of the protocol
  localparam logic [31:0] PartnerSettingsProtocolMask = 32'h000F0000;
  localparam logic [31:0] NackInterval = 32'h00000034;  // 15:0: words between two nacks while the receiver hunts; 0 counts as 1.
  localparam logic [31:0] NackIntervalReset = 32'h00000040;  // value after reset
  localparam logic [31:0] ReplayTimeout = 32'h00000038;  // 19:0: clocks without an acknowledgement after which the oldest flit is sent again. To be more than the round trip, and a longest flit each way at the narrowest width; more if the PHY does not take a symbol a clock. With less, flits are sent again without need, after every one with 0, and what RETRAIN_AFTER counts is such replays.
  localparam logic [31:0] ReplayTimeoutReset = 32'h00001000;  // value after reset
  localparam logic [31:0] RetrainAfter = 32'h0000003C;  // 7:0: replays in a row without progress; one more, and the link trains again. 0: the first.
  localparam logic [31:0] RetrainAfterReset = 32'h00000010;  // value after reset
  localparam logic [31:0] HuntTimeout = 32'h00000040;  // 19:0: clocks of hunting after which the link trains again; 0: never, so that only replays without progress do. To be more than the round trip: hunting begins with data mode and lasts until the partner is heard, and with less the link ends in down (NO_PROGRESS).
  localparam logic [31:0] HuntTimeoutReset = 32'h00004000;  // value after reset
  localparam logic [31:0] RetrainsMax = 32'h00000044;  // 7:0: trainings in a row without progress; one more, and the link is down. 0: the first need to train again takes it down.
  localparam logic [31:0] RetrainsMaxReset = 32'h00000004;  // value after reset
  localparam logic [31:0] TrainTimeout = 32'h00000048;  // 31:0: clocks after which a training that did not succeed ends in down; 0: never.
  localparam logic [31:0] TrainTimeoutReset = 32'h00100000;  // value after reset
  localparam logic [31:0] Inject = 32'h0000004C;  // 3:0: inverts one bit that each of these lanes sends, in any mode: to show that what counts errors counts them.
  localparam logic [31:0] IrqStatus = 32'h00000050;  // Causes of the interrupt; one that comes in the clock in which it is cleared stands.
  localparam logic [31:0] IrqStatusDownLsb = 32'h00000000;  // The link went down: REASON
  localparam logic [31:0] IrqStatusDownMask = 32'h00000001;
  localparam logic [31:0] IrqStatusUpLsb = 32'h00000001;  // Training succeeded
  localparam logic [31:0] IrqStatusUpMask = 32'h00000002;
  localparam logic [31:0] IrqStatusRetrainLsb = 32'h00000002;  // The link left data mode to train again; nothing is lost by it
  localparam logic [31:0] IrqStatusRetrainMask = 32'h00000004;
  localparam logic [31:0] IrqStatusDegradedLsb = 32'h00000003;  // Training succeeded with fewer lanes, in either direction, than LANE_ENABLE allows
  localparam logic [31:0] IrqStatusDegradedMask = 32'h00000008;
  localparam logic [31:0] IrqStatusPartnerResetLsb = 32'h00000004;  // The partner was reset: flits in flight are lost
  localparam logic [31:0] IrqStatusPartnerResetMask = 32'h00000010;
  localparam logic [31:0] IrqEnable = 32'h00000054;  // Which causes raise the interrupt; bits as IRQ_STATUS.
  localparam logic [31:0] Unacked = 32'h00000058;  // What a session is worth.
  localparam logic [31:0] UnackedNowLsb = 32'h00000000;  // Flits taken from the client and not acknowledged
  localparam logic [31:0] UnackedNowMask = 32'h000000FF;
  localparam logic [31:0] UnackedEndedLsb = 32'h00000008;  // The same when the last session ended: these flits were given up; some may have arrived
  localparam logic [31:0] UnackedEndedMask = 32'h0000FF00;
  localparam logic [31:0] TxFlits = 32'h00000080;  // Flits taken from the client to be sent, a virtual channel each.
  localparam logic [31:0] TxFlitsCount = 32'h00000002;  // registers in the array
  localparam logic [31:0] RxFlits = 32'h00000088;  // Flits accepted: good, and the ones expected; a virtual channel each.
  localparam logic [31:0] RxFlitsCount = 32'h00000002;  // registers in the array
  localparam logic [31:0] TxWords = 32'h00000090;  // Words of the flits in TX_FLITS.
  localparam logic [31:0] TxWordsCount = 32'h00000002;  // registers in the array
  localparam logic [31:0] RxWords = 32'h00000098;  // Words that the client has taken, a virtual channel each.
  localparam logic [31:0] RxWordsCount = 32'h00000002;  // registers in the array
  localparam logic [31:0] RawTxWords = 32'h000000A0;  // Words sent, whatever they were.
  localparam logic [31:0] RawRxWords = 32'h000000A4;  // Words received, whatever they were.
  localparam logic [31:0] SentFlits = 32'h000000A8;  // Flits sent, replays included, a virtual channel each.
  localparam logic [31:0] SentFlitsCount = 32'h00000002;  // registers in the array
  localparam logic [31:0] SentWords = 32'h000000B0;  // Words of the flits in SENT_FLITS: with RAW_TX_WORDS, what framing costs; with TX_WORDS, what replays cost.
  localparam logic [31:0] GotWords = 32'h000000B4;  // Words received of flits that were expected and had room, whether they turned out good or not.
  localparam logic [31:0] Replays = 32'h000000B8;  // Times this end went back to its oldest flit that was not acknowledged.
  localparam logic [31:0] Timeouts = 32'h000000BC;  // Replays because no acknowledgement came within REPLAY_TIMEOUT.
  localparam logic [31:0] NacksSent = 32'h000000C0;  // Nacks sent.
  localparam logic [31:0] NacksReceived = 32'h000000C4;  // Nacks received, served or not.
  localparam logic [31:0] CrcErrors = 32'h000000C8;  // Framing words whose check was wrong while the receiver was in step.
  localparam logic [31:0] Hunts = 32'h000000CC;  // Times the receiver lost its step, for whatever cause.
  localparam logic [31:0] Duplicates = 32'h000000D0;  // Good flits thrown away because they had been received before.
  localparam logic [31:0] ProtocolErrors = 32'h000000D4;  // Framing words with a good check and an impossible content.
  localparam logic [31:0] Retrainings = 32'h000000D8;  // Times the link left data mode to train again.
  localparam logic [31:0] StallsCredit = 32'h000000DC;  // Clocks in which the client waits because the partner's buffer has no room, a virtual channel each.
  localparam logic [31:0] StallsCreditCount = 32'h00000002;  // registers in the array
  localparam logic [31:0] StallsWindow = 32'h000000E4;  // Clocks in which a client that has credit waits for room in the window or the replay buffer.
  localparam logic [31:0] Discarded = 32'h000000E8;  // Words handed in and thrown away because the link was down or off.
  localparam logic [31:0] Drops = 32'h000000EC;  // Words that found no room in a receive buffer although credits promised it: 0, or the hardware is broken.
  localparam logic [31:0] BadSets = 32'h000000F0;  // Training sets with a wrong check, a lane each.
  localparam logic [31:0] BadSetsCount = 32'h00000004;  // registers in the array
  localparam logic [31:0] BertSymbols = 32'h00000100;  // Symbols of 16 bits compared by the bit-error-rate test, a lane each.
  localparam logic [31:0] BertSymbolsCount = 32'h00000004;  // registers in the array
  localparam logic [31:0] BertErrors = 32'h00000110;  // Bits that differed, a lane each.
  localparam logic [31:0] BertErrorsCount = 32'h00000004;  // registers in the array

  // CTRL.MODE: what the link is to do.
  typedef enum logic [1:0] {
    ModeOff = 2'd0,  // lanes silent, flits handed in are discarded
    ModeNormal = 2'd1,  // flits
    ModeBert = 2'd2  // bit-error-rate test: flits wait
  } mode_e;
  localparam int unsigned NumMode = 3;

  // STATUS.STATE: what the link does now.
  typedef enum logic [2:0] {
    StateOff = 3'd0,  // off
    StateHello = 3'd1,  // hello
    StateReady = 3'd2,  // ready
    StateGo = 3'd3,  // go
    StateActive = 3'd4,  // active
    StateDown = 3'd5,  // down
    StateBert = 3'd6  // bit-error-rate test
  } state_e;
  localparam int unsigned NumState = 7;

  // REASON: why the link went down, or why its session ended.
  typedef enum logic [3:0] {
    ReasonNone = 4'd0,  // none
    ReasonNoPartner = 4'd1,  // no partner: no lane is heard
    ReasonCrossed = 4'd2,  // crossed lanes
    ReasonNotHeard = 4'd3,  // the partner hears no lane
    ReasonSettings = 4'd4,  // settings of the partner differ
    ReasonPartnerDown = 4'd5,  // the partner is down
    ReasonPartnerReset = 4'd6,  // the partner was reset
    ReasonDeskew = 4'd7,  // a lane is too far behind another
    ReasonNoProgress = 4'd8,  // no progress
    ReasonTimeout = 4'd9  // training took too long
  } reason_e;
  localparam int unsigned NumReason = 10;
endpackage : hb_link_regs_pkg
/* verilator lint_on UNUSEDPARAM */

`default_nettype wire
