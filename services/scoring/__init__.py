"""The ledger of points and what adds up from it. Decides no submission."""
