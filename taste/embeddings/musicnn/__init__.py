"""The two networks of musicnn (Pons and Serra 2019), fetched once, converted and run in torch.

Read first: `adapter.Musicnn`; `fetching.fetch` brings the weights.
"""
