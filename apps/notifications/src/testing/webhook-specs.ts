import { Receiver } from './receiver.ts';
import { WebhookWorld } from './webhook-world.ts';

export interface Webhooks {
  readonly world: WebhookWorld;
  readonly receiver: Receiver;
}

/** One world for all specs of a file, and for each a receiver of its own; after each nothing is left, and nothing went wrong unheard. */
export function eachWithWebhooks(use: (own: Webhooks) => void): void {
  let world: WebhookWorld;
  let receiver: Receiver;
  beforeAll(async () => {
    world = await WebhookWorld.start();
  });
  beforeEach(async () => {
    receiver = await Receiver.start();
    use({ world, receiver });
  });
  afterEach(async () => {
    await world.clear();
    await receiver.stop();
    expect(world.faults).toEqual([]);
  });
  afterAll(() => world.stop());
}
