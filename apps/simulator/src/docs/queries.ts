export interface Query {
  readonly query: string;
  readonly legend: string;
}

/** Every `expr` in a dashboard, with its legend. */
export function queriesOf(node: unknown): readonly Query[] {
  if (Array.isArray(node)) return node.flatMap(queriesOf);
  if (typeof node !== 'object' || node === null) return [];
  const below = Object.values(node).flatMap(queriesOf);
  if (!('expr' in node) || typeof node.expr !== 'string') return below;
  const legend = 'legendFormat' in node && typeof node.legendFormat === 'string' ? node.legendFormat : '';
  return [{ query: node.expr, legend }, ...below];
}

/** Names of our metrics in a query; `up` is Prometheus's own. */
export const metricsIn = (query: string): readonly string[] => [
  ...new Set([...query.matchAll(/\b(?:jifen|nodejs|process)_\w+/g)].map(([name]) => name)),
];

/** Labels that a query selects or groups by, and that its legend shows. */
export function labelsIn(query: string, legend: string): readonly string[] {
  const selected = [...query.matchAll(/(\w+) *(?:=~|!~|!=|=) *"/g)].map(([, label = '']) => label);
  const grouped = [...query.matchAll(/\bby *\(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(','));
  const shown = [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label);
  return [...new Set([...selected, ...grouped, ...shown].map((label) => label.trim()))];
}

/** Metric → labels of its series, from the text of a metrics page; no labels when there is no series yet. */
export function seriesOf(page: string): ReadonlyMap<string, ReadonlySet<string>> {
  const series = new Map<string, Set<string>>();
  const of = (name: string): Set<string> => {
    const known = series.get(name) ?? new Set<string>();
    series.set(name, known);
    return known;
  };
  for (const line of page.split('\n')) {
    const type = /^# TYPE (\w+) (\w+)/.exec(line);
    if (type !== null) {
      const [, name = '', kind = ''] = type;
      const names = kind === 'histogram' ? ['_bucket', '_sum', '_count'].map((end) => name + end) : [name];
      for (const each of names) of(each);
      continue;
    }
    const sample = /^(\w+)(?:\{(.*)\})? /.exec(line);
    if (sample === null) continue;
    const labels = of(sample[1] ?? '');
    labels.add('__name__');
    for (const [, label = ''] of (sample[2] ?? '').matchAll(/(\w+)="/g)) labels.add(label);
  }
  return series;
}
