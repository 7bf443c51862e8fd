/** The source of causes that Jifen makes itself: windows, facts, referrals. Nobody else may send it. */
export const OWN_SOURCE = 'jifen';
