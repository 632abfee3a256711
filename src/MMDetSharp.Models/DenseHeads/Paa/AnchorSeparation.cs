namespace MMDetSharp.Models.DenseHeads.Paa;

/// <summary>
/// Separates an object's candidate anchors by how well the network does on them: Kim and Lee, "Probabilistic Anchor
/// Assignment with IoU Prediction for Object Detection", arXiv:2007.08103, algorithm 1 and figure 3 (c).
/// </summary>
/// <param name="topK">Candidates of an object on each level.</param>
internal sealed class AnchorSeparation(int topK)
{
    /// <summary>Which candidates of one image stay positive.</summary>
    /// <param name="losses">(M): the loss of each candidate.</param>
    /// <param name="objects">(M): its object.</param>
    /// <param name="levels">(M): its level.</param>
    /// <returns>(M) truth values.</returns>
    internal bool[] Positives(float[] losses, long[] objects, int[] levels)
    {
        var positive = new bool[losses.Length];
        foreach (var ofObject in Enumerable.Range(0, losses.Length).GroupBy(i => objects[i]))
        {
            // Lines 6 to 9: the best of each level, then all by rising loss.
            int[] candidates =
            [
                .. ofObject.GroupBy(i => levels[i])
                    .SelectMany(ofLevel => ofLevel.OrderBy(i => losses[i]).Take(topK))
                    .OrderBy(i => losses[i]),
            ];

            foreach (var i in Separate(Array.ConvertAll(candidates, i => losses[i])))
            {
                positive[candidates[i]] = true;
            }
        }

        return positive;
    }

    // Figure 3 (c): of those that rather come from the first Gaussian, the ones up to where the mixture is densest.
    private static int[] Separate(float[] rising)
    {
        if (rising.Length < 2)
        {
            return []; // as the reference: a mixture needs two samples, so a lone candidate is background
        }

        var mixture = TwoGaussians.Fit(rising);
        var judged = Array.ConvertAll(rising, mixture.Judge);
        int[] first = [.. Enumerable.Range(0, rising.Length).Where(i => judged[i].IsFirst)];
        return first.Length == 0 ? [] : first[..(Array.IndexOf(first, first.MaxBy(i => judged[i].LogDensity)) + 1)];
    }
}
