/** Badges that tests hold up to a phone, and how a roster knows them. */

import { badgeHash, badgeIdIn } from '../../static/js/checkin/domain/badge.js';

export const HOSTS = ['127.0.0.1:8000'];
export const ANA = 'HTTPS://127.0.0.1:8000/B/2ZM6KMMYGGS732X367NHCJ1HFG';
export const BO = 'HTTPS://127.0.0.1:8000/B/00041061050R3GG28A1C60T3GF';
export const STRANGER = 'HTTPS://127.0.0.1:8000/B/40000000000000000000000000';

/** @param {string} url */
export const hashOf = async (url) => badgeHash(/** @type {any} */ (badgeIdIn(url, HOSTS)));
