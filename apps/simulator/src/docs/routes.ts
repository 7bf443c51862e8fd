const ROUTE = /\/v1\/[\w{}~.$/-]+/g;

/** The routes below `/v1` that a text names, without queries and full stops. */
export const routesIn = (text: string): readonly string[] => [
  ...new Set([...text.matchAll(ROUTE)].map(([route]) => route.replace(/[./]+$/, ''))),
];

/** Whether the system has the route; `{…}` of its own paths stands for any one part. */
export function routeExists(paths: readonly string[], route: string): boolean {
  const parts = route.split('/');
  return paths.some((path) => {
    const pattern = path.split('/');
    if (pattern.length !== parts.length) return false;
    return pattern.every((part, index) => part.startsWith('{') || part === parts[index]);
  });
}
