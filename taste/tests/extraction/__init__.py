"""The extractor, heard on sounds whose truth is known because the tests write them."""
