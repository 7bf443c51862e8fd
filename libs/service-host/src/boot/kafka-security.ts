import { readFileSync } from 'node:fs';
import type { KafkaOptions } from '@jifen/messaging-kafka';
import type { Environment } from './config.ts';

export type KafkaSecurity = Pick<KafkaOptions, 'ssl' | 'sasl'>;

const MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;

/**
 * `KAFKA_SSL` with certificates in files, `KAFKA_SASL_MECHANISM` with name and password. Faults name the settings and
 * never show what they hold.
 */
export function readKafkaSecurity(environment: Environment, faults: string[]): KafkaSecurity {
  const ssl = readSsl(environment, faults);
  const sasl = readSasl(environment, faults);
  return { ...(ssl === undefined ? {} : { ssl }), ...(sasl === undefined ? {} : { sasl }) };
}

function readSsl(environment: Environment, faults: string[]): KafkaSecurity['ssl'] {
  const given = environment['KAFKA_SSL'] ?? '';
  if (!['', 'true', 'false'].includes(given)) faults.push('KAFKA_SSL must be true or false');
  const files = {
    ca: environment['KAFKA_SSL_CA_FILE'] ?? '',
    cert: environment['KAFKA_SSL_CERT_FILE'] ?? '',
    key: environment['KAFKA_SSL_KEY_FILE'] ?? '',
  };
  const named = Object.entries(files).filter(([, path]) => path !== '');
  if (given !== 'true') {
    if (named.length > 0)
      faults.push('KAFKA_SSL_CA_FILE, KAFKA_SSL_CERT_FILE and KAFKA_SSL_KEY_FILE need KAFKA_SSL=true');
    return undefined;
  }
  if ((files.cert === '') !== (files.key === ''))
    faults.push('KAFKA_SSL_CERT_FILE and KAFKA_SSL_KEY_FILE belong together');
  const texts: Record<string, string> = {};
  for (const [field, path] of named) {
    try {
      texts[field] = readFileSync(path, 'utf8');
    } catch (error) {
      faults.push(`the file of KAFKA_SSL_${field.toUpperCase()}_FILE cannot be read: ${String(error)}`);
    }
  }
  return named.length === 0 ? true : texts;
}

function readSasl(environment: Environment, faults: string[]): KafkaSecurity['sasl'] {
  const mechanism = (environment['KAFKA_SASL_MECHANISM'] ?? '').toLowerCase();
  const username = environment['KAFKA_SASL_USERNAME'] ?? '';
  const password = environment['KAFKA_SASL_PASSWORD'] ?? '';
  if (mechanism === '') {
    if (username !== '' || password !== '')
      faults.push('KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD need KAFKA_SASL_MECHANISM');
    return undefined;
  }
  const known = MECHANISMS.find((name) => name === mechanism);
  if (known === undefined) faults.push(`KAFKA_SASL_MECHANISM must be one of ${MECHANISMS.join(', ')}`);
  if (username === '' || password === '')
    faults.push('KAFKA_SASL_MECHANISM needs KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD');
  if (known === undefined) return undefined;
  // kafkajs tells its mechanisms apart by type.
  switch (known) {
    case 'plain':
      return { mechanism: known, username, password };
    case 'scram-sha-256':
      return { mechanism: known, username, password };
    case 'scram-sha-512':
      return { mechanism: known, username, password };
  }
}
