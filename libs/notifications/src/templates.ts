import type { Template } from './settings.ts';
import type { Language, Trigger } from './trigger.ts';

/** What is said where a program says nothing of its own. The compiler asks for every trigger in every language. */
export const DEFAULT_TEMPLATES: Readonly<Record<Language, Readonly<Record<Trigger, Template>>>> = {
  en: {
    'points-credited': {
      title: '{{ points }} {{ currency }} credited!',
      body: '{% if count > 1 %}{{ count }} credits brought you {{ points }} {{ currency }}.{% else %}You earned {{ points }} {{ currency }}.{% endif %}{% if usableFrom != "" %} You can spend them from {{ usableFrom }}.{% endif %} Your balance is {{ available }}.',
    },
    'points-taken-back': {
      title: '{{ points }} {{ currency }} taken back',
      body: '{{ points }} {{ currency }} were taken back because what earned them changed, for example by a return. Your balance is {{ available }}.',
    },
    'points-redeemed': {
      title: '{{ points }} {{ currency }} spent',
      body: 'You spent {{ points }} {{ currency }}{% if reference != "" %} for {{ reference }}{% endif %}. Your balance is {{ available }}.',
    },
    'points-refunded': {
      title: '{{ points }} {{ currency }} returned',
      body: '{{ points }} {{ currency }} that you had spent{% if reference != "" %} for {{ reference }}{% endif %} are back. Your balance is {{ available }}.',
    },
    'points-held': {
      title: '{{ points }} {{ currency }} set aside',
      body: '{{ points }} {{ currency }} are set aside{% if reference != "" %} for {{ reference }}{% endif %}. You can spend {{ available }} more.',
    },
    'points-adjusted': {
      title: 'Your {{ currency }} were adjusted',
      body: 'Your account was adjusted by {{ points }} {{ currency }}. Your balance is {{ available }}.',
    },
    'points-expiring': {
      title: '{{ points }} {{ currency }} expire soon',
      body: '{{ points }} {{ currency }} can be spent until {{ lastDay }} and are lost after that day.',
    },
    'reward-in-reach': {
      title: 'Enough for {{ reward }}!',
      body: 'You have {{ available }} {{ currency }}: enough for {{ reward }} ({{ price }}).',
    },
    'account-frozen': {
      title: 'Your account is frozen',
      body: 'You still earn {{ currency }} but cannot spend them. Please contact us.',
    },
    'account-unfrozen': {
      title: 'Your account can be used again',
      body: 'You can spend your {{ available }} {{ currency }} again.',
    },
    'tier-changed': {
      title: '{% if direction == "up" %}Welcome to {{ tier }}!{% else %}Your tier is now {{ tier }}{% endif %}',
      body: '{% if previous == "" %}You are now {{ tier }}.{% elsif direction == "up" %}You rose from {{ previous }} to {{ tier }}.{% else %}Your tier changed from {{ previous }} to {{ tier }}.{% endif %}',
    },
    'near-upgrade': {
      title: '{{ missing }} {{ currency }} to {{ next }}',
      body: 'You are {{ tier }}. Only {{ missing }} {{ currency }} are missing to {{ next }}.',
    },
    'tier-kept': {
      title: 'You stay {{ tier }}',
      body: 'Your tier was reviewed, and you stay {{ tier }}.',
    },
    'tier-will-fall': {
      title: '{{ missing }} {{ currency }} to stay {{ tier }}',
      body: 'You need {{ missing }} more {{ currency }} by {{ lastDay }} to stay {{ tier }}; otherwise your tier will be {{ next }}.',
    },
  },
  zh: {
    'points-credited': {
      title: '积分到账！',
      body: '{% if count > 1 %}共 {{ count }} 笔，{% endif %}您获得 {{ points }} {{ currency }}{% if usableFrom != "" %}，{{ usableFrom }}起可用{% endif %}，当前可用 {{ available }}。',
    },
    'points-taken-back': {
      title: '积分扣回',
      body: '因订单变更（例如退货），已扣回 {{ points }} {{ currency }}，当前可用 {{ available }}。',
    },
    'points-redeemed': {
      title: '积分兑换成功',
      body: '您已使用 {{ points }} {{ currency }}{% if reference != "" %}（{{ reference }}）{% endif %}，当前可用 {{ available }}。',
    },
    'points-refunded': {
      title: '积分已退回',
      body: '已退回 {{ points }} {{ currency }}{% if reference != "" %}（{{ reference }}）{% endif %}，当前可用 {{ available }}。',
    },
    'points-held': {
      title: '积分已冻结',
      body: '已预占 {{ points }} {{ currency }}{% if reference != "" %}（{{ reference }}）{% endif %}，当前可用 {{ available }}。',
    },
    'points-adjusted': {
      title: '积分调整',
      body: '您的账户已人工调整 {{ points }} {{ currency }}，当前可用 {{ available }}。',
    },
    'points-expiring': {
      title: '积分即将过期',
      body: '您有 {{ points }} {{ currency }} 可使用至 {{ lastDay }}，逾期失效，请尽快使用。',
    },
    'reward-in-reach': {
      title: '积分已达标，可兑换{{ reward }}',
      body: '您当前有 {{ available }} {{ currency }}，已可兑换{{ reward }}（{{ price }} {{ currency }}）。',
    },
    'account-frozen': {
      title: '账户已冻结',
      body: '您仍可获取{{ currency }}，但暂不能使用。请联系客服。',
    },
    'account-unfrozen': {
      title: '账户已解冻',
      body: '您的 {{ available }} {{ currency }} 已恢复使用。',
    },
    'tier-changed': {
      title: '{% if direction == "up" %}恭喜升级为{{ tier }}！{% else %}您的等级变为{{ tier }}{% endif %}',
      body: '{% if previous == "" %}您的等级现为{{ tier }}。{% elsif direction == "up" %}您已从{{ previous }}升级为{{ tier }}。{% else %}您的等级由{{ previous }}变为{{ tier }}。{% endif %}',
    },
    'near-upgrade': {
      title: '再得 {{ missing }} {{ currency }}即可升级',
      body: '您当前是{{ tier }}，再获得 {{ missing }} {{ currency }}即可升级为{{ next }}。',
    },
    'tier-kept': {
      title: '保级成功',
      body: '经过定期评定，您继续保持{{ tier }}。',
    },
    'tier-will-fall': {
      title: '再得 {{ missing }} {{ currency }}即可保级',
      body: '请在{{ lastDay }}前再获得 {{ missing }} {{ currency }}以保持{{ tier }}，否则等级将变为{{ next }}。',
    },
  },
};
