import { validateOrder, type Problem, type RecordedOrder, type Violation } from '@jifen/contracts';
import { accept, InvariantError, refuse, type Instant, type Outcome } from '@jifen/kernel';
import { ratedOrder } from '@jifen/rules';

/** What a shop has before there is an order. Everything else of an order is not known yet, and not taken. */
const FIELDS = new Set([
  'source',
  'currency',
  'lines',
  'shipping',
  'orderDiscount',
  'payments',
  'pricesIncludeTax',
  'channel',
  'store',
  'attributes',
]);
const SOURCE = 'preview';
const ID = 'preview';

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A cart as the order that it would be, if it were paid and completed at an instant. `id` is that of no order. */
export function orderOf(cart: unknown, at: Instant, id: string = ID): Outcome<RecordedOrder, Problem> {
  if (!isObject(cart)) return invalid([{ pointer: '', message: 'must be object' }]);
  const foreign = Object.keys(cart).filter((field) => !FIELDS.has(field));
  if (foreign.length > 0)
    return invalid(
      foreign.map((field) => ({
        pointer: `/${field.replaceAll('~', '~0').replaceAll('/', '~1')}`,
        message: `must be absent: a cart has ${[...FIELDS].join(', ')}`,
      })),
    );
  const order = {
    source: SOURCE,
    ...cart,
    orderId: id,
    revision: 1,
    status: 'completed',
    occurredAt: at,
    placedAt: at,
    paidAt: at,
    completedAt: at,
  };
  const validation = validateOrder({ ...order, member: ID });
  if (!validation.ok) return invalid(validation.violations);
  const { member: _, identity: __, program: ___, ...recorded } = validation.value;
  try {
    ratedOrder(recorded);
  } catch (error) {
    if (!(error instanceof InvariantError)) throw error;
    return refuse({ code: 'invalid_order', detail: error.message });
  }
  return accept(recorded);
}

const invalid = (violations: readonly Violation[]): Outcome<never, Problem> =>
  refuse({
    code: 'invalid_request',
    detail: 'the cart is not valid',
    errors: violations.map(({ pointer, message }) => ({ pointer: `/cart${pointer}`, message })),
  });
