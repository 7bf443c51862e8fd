import { generateKeyPairSync } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { errorText } from '@jifen/kernel';
import { UsageError } from './command.ts';

const OWNER_ONLY = 0o600;
const OTHERS = 0o077;

/** Writes a new Ed25519 key to `file`, readable by its owner only, and its public half to `file.pub`; never over another file. */
export async function writeKeyPair(file: string): Promise<{ readonly publicFile: string }> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const publicFile = `${file}.pub`;
  await fresh(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), OWNER_ONLY);
  await fresh(publicFile, publicKey.export({ type: 'spki', format: 'pem' }));
  return { publicFile };
}

/** The private key's text; refused when others on this machine could read it, as ssh does. */
export async function readPrivateKey(file: string): Promise<string> {
  const text = await readText(file);
  const { mode } = await stat(file);
  if (process.platform !== 'win32' && (mode & OTHERS) !== 0)
    throw new UsageError(`${file} can be read by others: chmod 600 ${file}`);
  if (!text.includes('PRIVATE KEY')) throw new UsageError(`${file} holds no private key`);
  return text;
}

export async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${errorText(error)}`);
  }
}

/** A file that does not exist yet: what was signed or proven once is not written over. */
export async function fresh(file: string, text: string | Buffer, mode = 0o644): Promise<void> {
  try {
    await writeFile(file, text, { flag: 'wx', mode });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new UsageError(`${file} exists already`);
  }
}
