import { ConfigError } from './boot/config.ts';
import { UnreachableError } from './boot/wait-for.ts';
import { faultText } from './run-host.ts';

describe('the last words of a process that cannot go on', () => {
  it('are the message alone where its reader can mend it', () => {
    expect(faultText(new UnreachableError('the database did not answer in time: away'))).toBe(
      'the database did not answer in time: away',
    );
    expect(faultText(new ConfigError(['PORT is wrong']))).toBe('the configuration is not valid:\n  - PORT is wrong');
  });

  it('are all that is known of any other fault', () => {
    const fault = new TypeError('x is undefined');
    expect(faultText(fault)).toBe(fault.stack);
    expect(faultText('thrown')).toBe('thrown');
  });
});
