import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { emailChannel, noEmail, type EmailChannel } from './adapters/channels/email.ts';
import { messageTables } from './adapters/message-tables.ts';
import { Mailbox } from './testing/mailbox.ts';
import { MessageWorld, NOON_IN_SHANGHAI, PROGRAM } from './testing/message-world.ts';

const FROM = 'points@example.com';
const ADDRESS = 'li@example.com';
const key = { program: PROGRAM, member: 'm-1' };
const rule = { trigger: 'points-credited', channels: ['email'] } as const;
let world: MessageWorld;
let mailbox: Mailbox;
let channel: EmailChannel;

const use = (url: string): void => {
  channel = emailChannel({ url, from: FROM, timeoutMs: 2_000 });
  world.channels.set('email', channel);
};
const outcome = async (): Promise<readonly unknown[]> => {
  const [told] = await world.told({ member: 'm-1' });
  return [told?.state, told?.attempts, told?.reason];
};

beforeAll(async () => {
  world = await MessageWorld.start();
});
beforeEach(async () => {
  world.now = NOON_IN_SHANGHAI;
  mailbox = await Mailbox.start();
  use(mailbox.url);
  await world.settings({ messages: [rule], language: 'zh' });
  await messageTables.recipients.setEmail(world.pool, key, ADDRESS, world.now);
});
afterEach(async () => {
  channel.close();
  await mailbox.stop();
  await world.forgetAll();
  expect(world.faults).toEqual([]);
});
afterAll(() => world.stop());

describe('e-mail to members', () => {
  it('arrives with title, body and link, under one Message-ID', async () => {
    await world.deliver(world.posting('m-1'));
    await world.send();
    const [mail] = mailbox.received;
    const id = (await world.told())[0]?.id;
    expect(mail?.to).toEqual([ADDRESS]);
    expect(mail?.text).toContain(`Message-ID: <message-${id}.${PROGRAM}@example.com>`);
    expect(mail?.text).toContain('Auto-Submitted: auto-generated');
    const body = mail?.text.split('\r\n\r\n')[1] ?? '';
    const encoded = /base64/i.test(mail?.text ?? '');
    expect(
      encoded
        ? Buffer.from(body, 'base64').toString()
        : decodeURIComponent(body.replaceAll(/=\r\n/g, '').replaceAll('=', '%')),
    ).toContain('当前可用 480');
    expect(await outcome()).toEqual(['sent', 1, undefined]);
  });

  it('is tried again when the server says later, with waits that grow, and is dead after the last', async () => {
    mailbox.answer = 451;
    await world.deliver(world.posting('m-1'));
    await world.send();
    expect(await outcome()).toEqual(['pending', 1, expect.stringContaining('451')]);
    world.now += 59_999;
    await world.send();
    expect((await outcome())[1]).toBe(1);
    world.now += 1;
    await world.send();
    world.now += 300_000;
    await world.send();
    expect(await outcome()).toEqual(['dead', 3, expect.stringContaining('451')]);
    mailbox.answer = undefined;
    const again = await world.inTransaction((sql) =>
      messageTables.messages.resend(sql, PROGRAM, undefined, 10, world.now),
    );
    await world.send();
    expect([again, ...(await outcome())]).toEqual([1, 'sent', 1, undefined]);
    expect(mailbox.received).toHaveLength(1);
  });

  it('is dead at once when the server knows no such mailbox, and the reason keeps no address', async () => {
    mailbox.answer = 550;
    await world.deliver(world.posting('m-1'));
    await world.send();
    const [state, attempts, reason] = await outcome();
    expect([state, attempts]).toEqual(['dead', 1]);
    expect(reason).toContain('550');
    expect(reason).not.toContain(ADDRESS);
  });

  it('waits for a server that cannot be reached', async () => {
    await mailbox.stop();
    await world.deliver(world.posting('m-1'));
    await world.send();
    expect(await outcome()).toEqual(['pending', 1, expect.stringContaining('ECONNREFUSED')]);
  });

  it('is left out, with the reason, for a member without an address, and sent once there is one', async () => {
    await messageTables.recipients.eraseContact(world.pool, key);
    await world.deliver(world.posting('m-1'));
    await world.send();
    expect(await outcome()).toEqual(['skipped', 0, 'the member has no email']);
    const id = (await world.told())[0]?.id ?? 0;
    await messageTables.recipients.setEmail(world.pool, key, ADDRESS, world.now);
    await world.inTransaction((sql) => messageTables.messages.resend(sql, PROGRAM, [id], 10, world.now));
    await world.send();
    expect(await outcome()).toEqual(['sent', 1, undefined]);
  });

  it('is dead with the reason where the deployment sends none', async () => {
    world.channels.set('email', noEmail);
    await world.deliver(world.posting('m-1'));
    await world.send();
    expect(await outcome()).toEqual(['dead', 1, expect.stringContaining('JIFEN_MAIL_URL')]);
  });

  it('is dead with the reason when its template cannot be rendered', async () => {
    await world.deliver(world.posting('m-1'));
    const broken = { title: '{{ nothing }}', body: 'x' };
    const kept = (await messageTables.settings.of(world.pool, [PROGRAM]))[0];
    if (kept === undefined) throw new Error('no settings');
    const messages = [{ ...rule, templates: { zh: broken } }];
    await messageTables.settings.save(world.pool, {
      ...kept,
      revision: kept.revision + 1,
      settings: { ...kept.settings, messages },
    });
    await world.send();
    expect(await outcome()).toEqual(['dead', 1, expect.stringContaining('undefined variable: nothing')]);
  });

  it('is a file in development', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'jifen-mail-'));
    use(pathToFileURL(directory).href);
    await world.deliver(world.posting('m-1'));
    await world.send();
    const files = await readdir(directory);
    expect(files).toHaveLength(1);
    expect(await readFile(join(directory, files[0] ?? ''), 'utf8')).toContain(`To: ${ADDRESS}`);
    await rm(directory, { recursive: true });
  });
});

describe('what a member wants', () => {
  const rest = { mutedTriggers: [], mutedChannels: [] };
  const sentTo = async (): Promise<number> => {
    await world.deliver(world.posting('m-1'));
    await world.send();
    return mailbox.received.length;
  };

  it('quiet hours hold a message back until the morning, in the program’s zone', async () => {
    await world.deliver(world.program());
    await world.settings({ messages: [rule], quietHours: { from: '11:30', to: '13:00' } });
    expect(await sentTo()).toBe(0);
    world.now += 3_600_000 - 1;
    await world.send();
    expect(mailbox.received).toHaveLength(0);
    world.now += 1;
    await world.send();
    expect(mailbox.received).toHaveLength(1);
  });

  it('what is muted is not sent, in the language that is chosen', async () => {
    await messageTables.recipients.setPreferences(world.pool, key, { ...rest, language: 'en' }, world.now);
    expect(await sentTo()).toBe(1);
    expect(mailbox.received[0]?.text).toContain('Subject: 100 points credited!');
    await messageTables.recipients.setPreferences(
      world.pool,
      key,
      { ...rest, mutedTriggers: ['points-credited'] },
      world.now,
    );
    expect(await sentTo()).toBe(1);
    await messageTables.recipients.setPreferences(world.pool, key, { ...rest, mutedChannels: ['email'] }, world.now);
    expect(await sentTo()).toBe(1);
  });

  it('no more than the cap a day, however many senders there are; the next day counts anew', async () => {
    await world.settings({ messages: [rule], dailyCap: 2 });
    await world.deliver(...Array.from({ length: 5 }, () => world.posting('m-1')));
    await Promise.all([world.send(), world.send()]);
    expect(mailbox.received).toHaveLength(2);
    expect((await world.told()).filter(({ state }) => state === 'skipped')).toHaveLength(3);
    world.now += 86_400_000;
    expect(await sentTo()).toBe(3);
  });
});
