"""Badges on paper and screens: QR codes as paths, sheets as PDF."""
