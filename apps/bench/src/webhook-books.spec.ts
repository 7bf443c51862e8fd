import { booksOf, type Deployed } from './webhook-books.ts';
import type { Manner } from './webhook-receivers.ts';

const MANNERS: readonly Manner[] = ['healthy', 'dead', 'healthy'];
const deployed: Deployed = {
  endpoints: 3,
  mannerOf: (endpoint) => MANNERS[endpoint] ?? 'healthy',
  programOf: (endpoint) => (endpoint === 2 ? 'b' : 'a'),
};
const award = (position: number, program: string, at: number) => ({ id: `ledger-0-${position}`, program, at });
const arrival = (endpoint: number, position: number, at: number, member = 'm-1') => ({
  ...{ endpoint, member, at },
  id: `ledger-0-${position}`,
});

describe('the books of the webhook bench', () => {
  it('count what an endpoint should have had, from the award to its first arrival', () => {
    const awards = [award(1, 'a', 1_000), award(2, 'a', 1_100), award(3, 'b', 1_200)];
    const arrivals = [arrival(0, 1, 1_010), arrival(0, 1, 1_500), arrival(0, 2, 1_600), arrival(2, 3, 1_230)];
    const [healthy, dead] = booksOf(awards, arrivals, deployed);
    expect(healthy).toMatchObject({ endpoints: 2, expected: 3, received: 3, repeated: 1, p50: 30, worst: 500 });
    expect(dead).toMatchObject({ endpoints: 1, expected: 2, received: 0 });
  });

  it('take what never came as for ever', () => {
    const [healthy] = booksOf([award(1, 'a', 1_000)], [], deployed);
    expect(healthy).toMatchObject({ expected: 1, received: 0, p99: Infinity });
  });

  it('see an event of a member behind a later one, but not one that is repeated, nor of another member', () => {
    const arrivals = [arrival(0, 5, 1), arrival(0, 4, 2), arrival(0, 4, 3), arrival(0, 2, 4, 'm-2'), arrival(2, 1, 5)];
    const [healthy] = booksOf([], arrivals, deployed);
    expect(healthy?.outOfOrder).toBe(1);
  });
});
