import type { ProblemCode } from './problem.ts';

/** What a code means to whoever gets it, and what to do about it. */
export interface ProblemHelp {
  readonly en: string;
  readonly zh: string;
}

export const PROBLEM_HELP: Readonly<Record<ProblemCode, ProblemHelp>> = {
  invalid_request: {
    en: 'A field is missing, of the wrong form or out of its range. `errors` has a JSON pointer to each. Correct the request; the same one will fail again.',
    zh: '某个字段缺失、格式错误或超出范围，`errors` 给出各处的 JSON 指针。请更正请求，原样重发仍会失败。',
  },
  malformed_json: {
    en: 'The body is not JSON, nests too deeply, or holds a number or text that JSON of ours cannot carry.',
    zh: '请求体不是合法的 JSON，或嵌套过深，或包含无法承载的数字或文本。',
  },
  invalid_order: {
    en: 'The order contradicts itself, for instance more was refunded than paid. Correct it at the source and send a higher revision.',
    zh: '订单自相矛盾，例如退款多于支付。请在源系统更正后以更高的修订号重发。',
  },
  unauthenticated: {
    en: 'There is no API key, or it is unknown or revoked. Send `Authorization: Bearer <api key>`.',
    zh: '没有提供 API 密钥，或密钥未知、已吊销。请发送 `Authorization: Bearer <api key>`。',
  },
  forbidden: {
    en: 'The key is valid but lacks the scope of this route. An administrator can issue one that has it.',
    zh: '密钥有效，但没有此接口所需的权限范围。请由管理员签发具备该权限的密钥。',
  },
  wrong_program: {
    en: 'A key belongs to one program and sees nothing of another. Leave the program out, or use its own key.',
    zh: '密钥只属于一个积分计划，无法访问其他计划。请省略 program，或使用该计划的密钥。',
  },
  not_found: {
    en: 'There is nothing under this address for this program. A member is known from its first posting on.',
    zh: '在此积分计划下该地址没有内容。会员在首次积分变动后才可查询。',
  },
  unknown_member: {
    en: 'The identity belongs to no member yet. The record is kept under /v1/rejected: register the identity with PUT /v1/members/{member}, then redrive.',
    zh: '该身份尚未绑定会员。记录保存在 /v1/rejected：用 PUT /v1/members/{member} 登记身份后重放。',
  },
  member_changed: {
    en: 'An order never moves to another member. Cancel it and send a new order.',
    zh: '订单不能改归其他会员。请取消该订单并发送新订单。',
  },
  revision_conflict: {
    en: 'This revision is known with other content. What came first counts; send what is right under a higher revision.',
    zh: '该修订号已有不同内容，以先到者为准。请以更高的修订号发送正确内容。',
  },
  content_conflict: {
    en: 'This id is known with other content. An activity or refund cannot be changed: use a new id.',
    zh: '该编号已有不同内容。行为或退款不可更改，请使用新编号。',
  },
  identity_conflict: {
    en: 'The identity belongs to another member of the program. Take it from there first.',
    zh: '该身份已属于本计划的另一位会员，请先从其处解除。',
  },
  version_conflict: {
    en: 'Somebody else changed it since you read it. Read it again, apply your change, and send the new ETag.',
    zh: '自您读取后他人已作修改。请重新读取、重做修改，并使用新的 ETag 提交。',
  },
  insufficient_points: {
    en: 'The member has fewer usable points than asked for; `detail` states how many. Nothing was taken.',
    zh: '会员可用积分不足，`detail` 说明现有数量。未扣减任何积分。',
  },
  member_inactive: {
    en: 'The member was deactivated, anonymised or removed (`standing`): nothing new is earned, spent or stored for it. A record is kept under /v1/rejected; once a deactivated member is active again (PUT /v1/members/{member}/standing), redrive it. Who was erased comes back under a new member id.',
    zh: '该会员已停用、匿名化或移除（见 `standing`），不再为其累积、消费或保存任何新内容。记录保存在 /v1/rejected；停用的会员恢复（PUT /v1/members/{member}/standing）后可重放。已抹除者须以新的会员编号重新加入。',
  },
  member_merged: {
    en: 'The member was merged into another, named by `into`, which has its points now. Ask there.',
    zh: '该会员已并入另一会员（见 `into`），积分已归其所有。请改用该会员。',
  },
  not_merged: {
    en: 'No merge of this id came into the account, so nothing can be taken apart.',
    zh: '没有此编号的合并进入该账户，无法拆分。',
  },
  unknown_hold: {
    en: 'The account has no hold of this id.',
    zh: '该账户没有此编号的冻结。',
  },
  hold_closed: {
    en: 'The hold was captured or released, see `state`; nothing is held by it any more.',
    zh: '该冻结已确认扣减或已解冻（见 `state`），不再冻结任何积分。',
  },
  hold_expired: {
    en: 'The hold ran past its time and released itself. Hold the points again.',
    zh: '该冻结已超过有效期并自动解冻。请重新冻结。',
  },
  exceeds_hold: {
    en: 'More points are asked for than the hold still keeps; `held` states how many.',
    zh: '请求的积分超过仍被冻结的数量，`held` 说明现有数量。',
  },
  too_many_holds: {
    en: 'The account has as many open holds as it may have. Capture or release some first.',
    zh: '该账户未结的冻结数量已达上限。请先确认扣减或解冻一部分。',
  },
  too_many_lots: {
    en: 'The points are in more lots than one posting can name. Ask for fewer points at a time.',
    zh: '积分分布的批次超过一笔流水的上限。请分次减少数量。',
  },
  unknown_redemption: {
    en: 'The account has no redemption of this id.',
    zh: '该账户没有此编号的兑换。',
  },
  exceeds_redemption: {
    en: 'More is asked back than is left of the redemption; `left` states how much.',
    zh: '请求退回的积分超过该兑换的剩余数量，`left` 说明剩余。',
  },
  unknown_transfer: {
    en: 'No transfer of this id left the account.',
    zh: '没有此编号的转赠从该账户转出。',
  },
  transfer_limit: {
    en: 'A limit of the program for transfers would be exceeded; the figures beside the code say which.',
    zh: '超过积分计划的转赠限额，具体数值见 code 旁的字段。',
  },
  member_parked: {
    en: 'The books of the member would not have added up: nothing was done, and nothing of it can be spent until an operator has looked and redriven it. Do not repeat the command.',
    zh: '该会员的账目无法平衡：未执行任何操作，且在运维人员核查并重放之前不可使用积分。请勿重复该命令。',
  },
  not_redeemable: {
    en: 'The program has no redemption policy for this currency, or says nothing of what points pay of an order. Name another currency, or points without an order.',
    zh: '积分计划没有为该积分类型设置兑换策略，或未规定积分如何抵扣订单。请更换积分类型，或不带订单只指定积分。',
  },
  below_minimum: {
    en: 'Fewer points, or a smaller order, than the program asks for. `minimum` says how much it must be.',
    zh: '积分或订单金额低于计划要求的最低值，`minimum` 给出最低值。',
  },
  above_maximum: {
    en: 'More points than may pay of this order by share, amount or tier, or than may be given at once. `maximum` says how many it may be.',
    zh: '超出该订单按比例、金额或等级可用的积分上限，或超出单次转赠上限，`maximum` 给出上限。',
  },
  not_a_step: {
    en: 'The points are worth a fraction of the money that the program spends in. Ask for a multiple of `step`, or for the order alone.',
    zh: '所用积分不是抵现步长的整数倍。请使用 `step` 的整数倍，或只给出订单金额。',
  },
  transfer_not_allowed: {
    en: 'The program does not let members give points of this currency to each other.',
    zh: '积分计划不允许会员之间转赠该类型的积分。',
  },
  same_member: {
    en: 'Points cannot go from a member to itself.',
    zh: '积分不能转给会员自己。',
  },
  unknown_lot: {
    en: 'The account has no lot of this id.',
    zh: '该账户没有此编号的积分批次。',
  },
  already_expired: {
    en: 'Points that would have lapsed already are not credited. Give a later expiry.',
    zh: '已过有效期的积分不予入账。请给出更晚的到期时间。',
  },
  too_many_assignments: {
    en: 'A member keeps at most 200 tiers given by hand, and has them. Let the ladder of the program say what you mean.',
    zh: '一位会员最多保留 200 次人工定级，已达上限。请改用计划的等级阶梯来表达。',
  },
  unknown_award: {
    en: 'No award of this id was ever due for approval in this program. Take the id from `GET /v1/approvals`.',
    zh: '本计划中没有需要审核的此编号积分。请使用 `GET /v1/approvals` 给出的编号。',
  },
  already_decided: {
    en: 'Somebody decided otherwise before: it was rejected, or more of it was approved. The figures say what holds. Points that were approved are taken back by an adjustment.',
    zh: '此前已有不同的审核结论：已被驳回，或已批准更多积分，现有结论见返回字段。已批准的积分请通过人工调整扣回。',
  },
  nothing_to_change: {
    en: 'There are no points that the command could change; the figures say what there is.',
    zh: '没有可变更的积分，现有数值见返回字段。',
  },
  account_frozen: {
    en: 'The account may earn but not spend until it is unfrozen.',
    zh: '账户已冻结：可以获得积分，但解冻前不能使用。',
  },
  idempotency_conflict: {
    en: 'The idempotency key was used with another body. Use a new key for a new command.',
    zh: '该幂等键已用于不同的请求体。新的指令请使用新的幂等键。',
  },
  in_progress: {
    en: 'The same command is still running. Ask again with the same key in a moment.',
    zh: '同一指令仍在执行，请稍后用相同的幂等键重试。',
  },
  payload_too_large: {
    en: 'The body or the array is larger than the limit stated in `detail`. Split it.',
    zh: '请求体或数组超过 `detail` 所述上限，请拆分发送。',
  },
  unsupported_media_type: {
    en: 'Send `content-type: application/json`, uncompressed.',
    zh: '请发送 `content-type: application/json`，不要压缩。',
  },
  history_too_long: {
    en: 'A question about the past folds the postings of the member up to then, and there are too many. Ask for an earlier `knownAt`, or read the statement.',
    zh: '对过去的查询要重算该会员截至当时的全部流水，数量过多。请提供更早的 `knownAt`，或改查流水。',
  },
  invalid_program: {
    en: 'The program document is not valid. `errors` points at each place and says what is allowed there.',
    zh: '积分计划文档无效，`errors` 指明各处位置及其允许的内容。',
  },
  too_many_requests: {
    en: 'More waits here than may wait. Send it again after the seconds of `retry-after`.',
    zh: '等待处理的请求过多。请在 `retry-after` 所示秒数后重发。',
  },
  internal: {
    en: 'Something went wrong here. The log has it under the `traceId`; the same request may be sent again.',
    zh: '系统内部出错，可用 `traceId` 在日志中查到；可以重发同一请求。',
  },
  unavailable: {
    en: 'The database or the bus cannot be reached, or the end of a write is not known. Send the same request again: nothing counts twice.',
    zh: '数据库或消息总线不可用，或写入结果未知。请原样重发：不会重复生效。',
  },
  not_caught_up: {
    en: 'The projection has not come as far as the token within the waiting time. The answer says how far it is; ask again.',
    zh: '在等待时间内读模型尚未追上该令牌。答复说明当前位置，请再次查询。',
  },
};
