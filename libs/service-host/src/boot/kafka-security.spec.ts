import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readKafkaSecurity } from './kafka-security.ts';

const folder = mkdtempSync(join(tmpdir(), 'jifen-certificates-'));
const file = (name: string): string => {
  const path = join(folder, name);
  writeFileSync(path, name);
  return path;
};
afterAll(() => rmSync(folder, { recursive: true }));

const SECRET = 'hunter2-hunter2';
const SASL = { KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512', KAFKA_SASL_USERNAME: 'jifen', KAFKA_SASL_PASSWORD: SECRET };

describe('the security of Kafka', () => {
  it.each([
    ['nothing', {}, {}],
    ['no TLS', { KAFKA_SSL: 'false' }, {}],
    ['TLS by the well-known authorities', { KAFKA_SSL: 'true' }, { ssl: true }],
    [
      'certificates of its own',
      {
        KAFKA_SSL: 'true',
        KAFKA_SSL_CA_FILE: file('ca'),
        KAFKA_SSL_CERT_FILE: file('cert'),
        KAFKA_SSL_KEY_FILE: file('key'),
      },
      { ssl: { ca: 'ca', cert: 'cert', key: 'key' } },
    ],
    ['SASL', SASL, { sasl: { mechanism: 'scram-sha-512', username: 'jifen', password: SECRET } }],
    [
      'both',
      { ...SASL, KAFKA_SASL_MECHANISM: 'plain', KAFKA_SSL: 'true' },
      { ssl: true, sasl: { mechanism: 'plain', username: 'jifen', password: SECRET } },
    ],
  ])('reads %s', (_, environment, expected) => {
    const faults: string[] = [];
    expect(readKafkaSecurity(environment, faults)).toEqual(expected);
    expect(faults).toEqual([]);
  });

  it.each([
    ['KAFKA_SSL', { KAFKA_SSL: 'yes' }],
    ['need KAFKA_SSL=true', { KAFKA_SSL_CA_FILE: file('ca') }],
    ['belong together', { KAFKA_SSL: 'true', KAFKA_SSL_CERT_FILE: file('cert') }],
    ['KAFKA_SSL_CA_FILE cannot be read', { KAFKA_SSL: 'true', KAFKA_SSL_CA_FILE: join(folder, 'none') }],
    ['must be one of plain', { ...SASL, KAFKA_SASL_MECHANISM: 'gssapi' }],
    ['need KAFKA_SASL_MECHANISM', { ...SASL, KAFKA_SASL_MECHANISM: '' }],
    ['needs KAFKA_SASL_USERNAME', { ...SASL, KAFKA_SASL_USERNAME: '' }],
  ])('says "%s" and shows no secret', (message, environment) => {
    const faults: string[] = [];
    readKafkaSecurity(environment, faults);
    expect(faults.join()).toContain(message);
    expect(faults.join()).not.toContain(SECRET);
  });
});
