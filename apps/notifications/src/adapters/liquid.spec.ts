import { createCalendar, present } from '@jifen/kernel';
import { DEFAULT_TEMPLATES, LANGUAGES, SAMPLE_FACTS, TRIGGERS, viewOf, type View } from '@jifen/notifications';
import { wordsOfNone } from '../application/program-words.ts';
import { createRenderer } from './liquid.ts';

const render = createRenderer();
const view = (trigger: (typeof TRIGGERS)[number], language: 'en' | 'zh' = 'en'): View =>
  viewOf({
    ...{
      member: 'm-1',
      trigger,
      items: [SAMPLE_FACTS[trigger]],
      words: { ...wordsOfNone('demo'), ladderCurrency: 'points' },
      language,
      today: '2027-11-23',
    },
    calendar: present(createCalendar('UTC'), 'UTC'),
  });
const said = (body: string): unknown => {
  const rendered = render({ title: 'T', body, link: '' }, view('points-credited'));
  return rendered.ok ? rendered.value.body : rendered.refusal;
};

describe('templates', () => {
  it.each(LANGUAGES.flatMap((language) => TRIGGERS.map((trigger) => [language, trigger] as const)))(
    'the built-in text of %s %s renders without a gap',
    (language, trigger) => {
      const rendered = render(
        { link: 'myapp://points', ...DEFAULT_TEMPLATES[language][trigger] },
        view(trigger, language),
      );
      expect(rendered).toMatchObject({ ok: true, value: { link: 'myapp://points' } });
      const text = rendered.ok ? `${rendered.value.title} ${rendered.value.body}` : '';
      expect(text).not.toMatch(/{|}|undefined| {2}|\( *\)|（）/);
      expect(text.length).toBeGreaterThan(10);
    },
  );

  it('A08: says what the notice of a credit says', () => {
    const { usableFrom: _, ...facts } = SAMPLE_FACTS['points-credited'];
    const at = { ...view('points-credited', 'zh'), usableFrom: '', points: String(facts.points) };
    expect(render({ ...DEFAULT_TEMPLATES.zh['points-credited'], link: 'myapp://points' }, at)).toEqual({
      ok: true,
      value: { title: '积分到账！', body: '您获得 120 points，当前可用 480。', link: 'myapp://points' },
    });
  });

  it.each([
    ['a variable that there is not', '{{ poinst }}', 'undefined variable: poinst'],
    ['a filter that there is not', '{{ points | shout }}', 'undefined filter: shout'],
    ['a tag that does not end', '{% if points %}', 'not closed'],
    ['a file', '{% include "/etc/passwd" %}', 'ENOENT'],
    ['what everything has', '{{ member.constructor }}', 'undefined variable'],
    ['more than there is room for', '{% for i in (1..100000000) %}x{% endfor %}', 'memory'],
    ['what gets too long', '{% for i in (1..9000) %}xx{% endfor %}', 'longer than 8000'],
  ])('refuses %s', (_, body, reason) => {
    expect(said(body)).toContain(reason);
  });

  it('leaves what a member wrote as it is', () => {
    const rendered = render(
      { title: 'a\n b', body: '{{ reference }}', link: '' },
      { ...view('points-held'), reference: '{{ points }}<b>' },
    );
    expect(rendered).toEqual({ ok: true, value: { title: 'a b', body: '{{ points }}<b>', link: '' } });
  });
});
