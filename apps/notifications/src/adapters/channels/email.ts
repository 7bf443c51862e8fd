import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Abilities, AttemptResult } from '@jifen/notifications';
import { createTransport } from 'nodemailer';
import { errorText } from '@jifen/kernel';
import type { Channel, Content, HeadMessage } from '../../application/message-ports.ts';
import { absentChannel } from './absent.ts';

export interface MailConfig {
  /** `smtp://user:password@host:port`, `smtps://…`, or `file:///directory` for development. */
  readonly url: string;
  readonly from: string;
  readonly timeoutMs: number;
}

export interface EmailChannel extends Channel {
  readonly close: () => void;
}

const EMAIL: Abilities = {
  name: 'email',
  automatic: true,
  needsStaffConfirmation: false,
  interrupts: true,
  address: 'email',
};

const MAX_CONNECTIONS = 4;
const MAX_REASON = 200;
const REFUSED_FROM = 500;

type Mail = Readonly<Record<'from' | 'to' | 'subject' | 'text' | 'messageId', string>> & {
  readonly headers: Readonly<Record<string, string>>;
};

export const noEmail = absentChannel(
  EMAIL,
  'this deployment sends no e-mail: JIFEN_MAIL_URL and JIFEN_MAIL_FROM are not set',
);

/** Plain text by SMTP. The same message has the same Message-ID at every attempt, so that a mailbox can tell. */
export function emailChannel(config: MailConfig): EmailChannel {
  const { deliver, close } = config.url.startsWith('file:') ? toDirectory(config.url) : bySmtp(config);
  const domain = config.from.replace(/^.*@/, '').replace(/[^A-Za-z0-9.-]/g, '');
  const send = async (message: HeadMessage & { readonly content: Content }): Promise<AttemptResult> => {
    const { id, program, trigger, address, content } = message;
    if (address === undefined) return { kind: 'refused', error: 'the member has no email' };
    const mail: Mail = {
      from: config.from,
      to: address,
      subject: content.title,
      text: content.link === '' ? content.body : `${content.body}\n\n${content.link}`,
      messageId: `<message-${id}.${program}@${domain}>`,
      headers: { 'auto-submitted': 'auto-generated', 'x-jifen-trigger': trigger },
    };
    try {
      await deliver(mail);
      return { kind: 'answered', status: 250 };
    } catch (error) {
      return failureOf(error);
    }
  };
  return { id: 'email', abilities: EMAIL, send, close };
}

interface Transport {
  readonly deliver: (mail: Mail) => Promise<void>;
  readonly close: () => void;
}

function bySmtp({ url, timeoutMs }: MailConfig): Transport {
  const open = (): ReturnType<typeof createTransport> =>
    createTransport({
      url,
      pool: true,
      maxConnections: MAX_CONNECTIONS,
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  let transport: ReturnType<typeof open> | undefined;
  return {
    deliver: async (mail) => {
      transport ??= open();
      await transport.sendMail(mail);
    },
    close: () => {
      transport?.close();
      transport = undefined;
    },
  };
}

/** The catcher of development: every mail is a file that a mail program opens. */
function toDirectory(url: string): Transport {
  const directory = fileURLToPath(url);
  const transport = createTransport({ streamTransport: true, buffer: true });
  return {
    deliver: async (mail) => {
      const { message } = await transport.sendMail(mail);
      await mkdir(directory, { recursive: true });
      const name = mail.messageId.replaceAll(/[^A-Za-z0-9.-]/g, '');
      await writeFile(join(directory, `${name}.eml`), message);
    },
    close: () => undefined,
  };
}

/** A mail server that says 5xx will say so again; everything else may pass. The reason is kept, so it names no address. */
function failureOf(error: unknown): AttemptResult {
  const text = errorText(error);
  const reason = text.replaceAll(/\S+@\S+/g, '…').slice(0, MAX_REASON);
  const code = error instanceof Error && 'responseCode' in error ? Number(error.responseCode) : 0;
  return { kind: code >= REFUSED_FROM ? 'refused' : 'failed', error: reason };
}
