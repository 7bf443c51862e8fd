import { ConfigError, readConfig } from './config.ts';

const url = 'postgres://jifen@127.0.0.1/jifen';

describe('readConfig', () => {
  it('takes the environment, and options before it', () => {
    const config = readConfig(
      { DATABASE_URL: url, PORT: '4000', KAFKA_BROKERS: 'a:9092, b:9092', JIFEN_PARTITIONS: '4' },
      { port: 0 },
    );
    expect(config).toMatchObject({ databaseUrl: url, port: 0, partitions: 4, kafkaBrokers: ['a:9092', 'b:9092'] });
  });

  it('has defaults for everything but the database', () => {
    expect(readConfig({ DATABASE_URL: url })).toMatchObject({
      port: 3000,
      host: '127.0.0.1',
      partitions: 16,
      kafkaBrokers: [],
      logLevel: 'info',
    });
  });

  it.each([
    ['PORT', '70000', 'PORT must be an integer from 0 to 65535'],
    ['PORT', 'http', "not 'http'"],
    ['JIFEN_PARTITIONS', '0', 'JIFEN_PARTITIONS'],
    ['KAFKA_BROKERS', 'localhost', "'localhost' is not host:port"],
    ['JIFEN_SECRET_KEY', 'short', 'at least 32 characters'],
    ['LOG_LEVEL', 'loud', 'LOG_LEVEL must be one of'],
    ['DATABASE_URL', 'mysql://x', 'must begin with postgres://'],
    ['DATABASE_URL', '', 'DATABASE_URL is missing'],
  ])('refuses %s=%s', (name, value, message) => {
    expect(() => readConfig({ DATABASE_URL: url, [name]: value })).toThrow(message);
  });

  it('names every fault at once', () => {
    const faults = (): readonly string[] => {
      try {
        readConfig({ PORT: 'x', LOG_LEVEL: 'y' });
        return [];
      } catch (error) {
        return error instanceof ConfigError ? error.faults : [];
      }
    };
    expect(faults()).toHaveLength(3);
  });
});
