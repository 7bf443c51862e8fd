import { HELP, readArguments, UsageError } from './arguments.ts';

describe('readArguments', () => {
  it('has defaults', () => {
    expect(readArguments([], {})).toEqual({
      mode: 'standalone',
      port: 3000,
      dataDir: '.jifen',
      demo: true,
      json: false,
      processes: 1,
      ledgers: 1,
    });
  });

  it('takes options, and PORT when --port is not given', () => {
    expect(readArguments(['--no-demo', '--json', '--data-dir', '/x'], { PORT: '4000' })).toMatchObject({
      port: 4000,
      demo: false,
      json: true,
      dataDir: '/x',
    });
    expect(readArguments(['--port', '0'], { PORT: '4000' }).port).toBe(0);
    expect(readArguments(['--services', '--ledger', '2'], {})).toMatchObject({ mode: 'services', ledgers: 2 });
    expect(readArguments(['--processes', '4'], {}).processes).toBe(4);
    expect(readArguments(['--doctor'], {}).mode).toBe('doctor');
    expect(readArguments(['--help', '--services'], {}).mode).toBe('help');
  });

  it.each([
    [['--port', 'x']],
    [['--port', '70000']],
    [['--port', '']],
    [['--ledger', '0']],
    [['--processes', '0']],
    [['--processes', '17']],
    [['--nonsense']],
    [['word']],
  ])('refuses %j', (args) => {
    expect(() => readArguments(args, {})).toThrow(UsageError);
  });

  it('explains every option', () => {
    for (const name of ['port', 'data-dir', 'processes', 'no-demo', 'services', 'ledger', 'json', 'doctor', 'help']) {
      expect(HELP).toContain(`--${name}`);
    }
  });
});
