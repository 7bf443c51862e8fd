import type { Formats, Sentences } from './explain.ts';
import type { Step } from './trace.ts';
import { WINDOW_CHINESE } from './window/sentences.ts';

const ROUNDED = {
  floor: '向下取整',
  ceil: '向上取整',
  'half-up': '四舍五入',
  'half-even': '四舍六入五成双',
} as const;

export const CHINESE: Sentences = {
  steps: {
    line: (step, { money }) =>
      `第 ${step.line} 行：${money(step.amount)}${parts(step, money)}，计入 ${money(step.base)}${
        step.kept === step.base ? '' : `，其中保留 ${money(step.kept)}`
      }。`,
    gift: ({ line }) => `第 ${line} 行是赠品，不计分。`,
    filtered: ({ line }) => `第 ${line} 行不在该规则的商品范围内。`,
    'paid-part': ({ amount, due, giftCard, points }, { money }) =>
      `应付 ${money(due)}，其中积分支付 ${money(points)}、礼品卡支付 ${money(giftCard)}：余 ${money(amount)}。`,
    rate: (step, { money, points }) =>
      `${money(step.amount)}，每${step.mode === 'per-full-unit' ? '满 ' : ' '}${step.per} 计 ${step.points} 分，${
        ROUNDED[step.rounding]
      }：${points(step.result)} 分。`,
    fixed: ({ result }, { points }) => `固定 ${points(result)} 分。`,
    once: ({ at, result, version }, { points }) =>
      `每位会员仅一次，首次发生于 ${at}，适用第 ${version} 版规则：${points(result)} 分。`,
    multiply: ({ base, factor, result, rounding, tier }, { points }) =>
      `${points(base)} 分 × ${factor}${tier === undefined ? '' : `（等级 ${tier}）`}，${ROUNDED[rounding]}：另加 ${points(result)} 分。`,
    ...WINDOW_CHINESE,
  },
  reasons: {
    'other-kind': '该规则针对其他类别的事件',
    'other-activity': '该规则针对其他类型的行为',
    'not-yet-paid': '订单尚未付款',
    'not-yet-completed': '订单尚未完成',
    cancelled: '订单已取消',
    'fully-refunded': '已全部退款',
    'other-currency': '订单为其他币种',
    'paid-with-points': '订单部分由积分支付',
    'paid-by-gift-card': '订单部分由礼品卡支付',
    'nothing-in-basis': '订单中没有可计分的部分',
    'rounds-to-nothing': '不足一分',
    'no-tier': '会员没有等级',
    'unknown-tier': '该等级不在此版规则的阶梯中',
    'factor-is-one': '倍数为 1',
    'nothing-to-multiply': '所乘的规则没有积分',
    'limit-reached': '已达上限',
    'day-has-one': '当日已有首次',
    'not-away': '会员沉睡时间不足',
    'counts-in-window': '计入窗口，由窗口统一计分',
    'other-window': '该规则针对其他窗口',
    'not-reached': '尚未达标',
  },
  gave: (rule, points, currency) => `规则 ${rule} 给予 ${points} ${currency}。`,
  gaveNothing: (rule, why) => `规则 ${rule} 未给予积分：${why}。`,
  basis: (amount) => `计分基数为 ${amount}。`,
  tier: (tier) => `当时的等级为 ${tier}。`,
  version: (version) => `按第 ${version} 版规则计分。`,
};

function parts(step: Extract<Step, { step: 'line' }>, money: Formats['money']): string {
  const named: readonly (readonly [string, number | undefined])[] = [
    ['折扣', step.discount],
    ['整单折扣分摊', step.orderDiscount],
    ['税', step.tax],
    ['运费分摊', step.shipping],
    ['已退款', step.refunded],
  ];
  const given = named.flatMap(([name, value]) => (value === undefined ? [] : [`${name} ${money(value)}`]));
  return given.length === 0 ? '' : `（${given.join('，')}）`;
}
