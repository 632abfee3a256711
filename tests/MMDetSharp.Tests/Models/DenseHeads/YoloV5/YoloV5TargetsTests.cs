using MMDetSharp.Models.Anchors;
using MMDetSharp.Models.DenseHeads.Yolo;
using MMDetSharp.Models.DenseHeads.YoloV5;

namespace MMDetSharp.Tests.Models.DenseHeads.YoloV5;

public sealed class YoloV5TargetsTests
{
    [Fact]
    public void Make_CentreInUpperLeftOfCell_CellAndNeighboursLeftAndAbove()
    {
        // Centre (18, 26) pixels: (2.25, 3.25) in cells of 8.
        var set = Make(Level((8, 8)), 8, new YoloObject(0, 3, 18, 26, 8, 8));

        Assert.Equal([(2L, 3L), (1, 3), (2, 2)], Cells(set));
        // Seen from the left neighbour (1, 3): centre (1.25, 0.25), so x1 = 0.75, y1 = -0.25.
        Assert.Equal([0.75f, -0.25f, 1.75f, 0.75f], set.Boxes.Skip(4).Take(4));
        Assert.All(set.Labels, label => Assert.Equal(3, label));
    }

    [Fact]
    public void Make_CentreInLowerRightOfCell_CellAndNeighboursRightAndBelow() =>
        Assert.Equal(
            [(2L, 3L), (3, 3), (2, 4)], Cells(Make(Level((8, 8)), 8, new YoloObject(0, 0, 22, 30, 8, 8))));

    [Fact]
    public void Make_CentreInTheCornerOfTheMap_NoNeighbourBeyondIt() =>
        // (0.25, 7.9): less than one cell from the left and lower border.
        Assert.Equal([(0L, 7L)], Cells(Make(Level((8, 8)), 8, new YoloObject(0, 0, 2, 63.2f, 8, 8))));

    [Fact]
    public void Make_CentreOnTheRightBorder_LastCellSeesItAtItsEnd()
    {
        var set = Make(Level((8, 8)), 8, new YoloObject(0, 0, 64, 20, 8, 8));

        Assert.Equal((7L, 2L), Cells(set)[0]);
        Assert.Equal(0.5f, set.Boxes[0]);
    }

    [Theory]
    [InlineData(31.9f, 8, 1)]
    [InlineData(32.1f, 8, 0)]
    [InlineData(8, 2.01f, 1)]
    [InlineData(8, 1.99f, 0)]
    public void Make_RatioOfSides_AtMostFour(float width, float height, int anchors)
    {
        var set = Make(Level((8, 8)), 8, new YoloObject(0, 0, 28, 28, width, height));

        Assert.Equal(anchors, set.Anchors.Distinct().Count());
    }

    [Fact]
    public void LastOfPlace_TwoObjectsInOneCell_TheLaterTellsObjectness()
    {
        var set = Make(Level((8, 8)), 1, new YoloObject(0, 0, 4, 4, 8, 8), new YoloObject(0, 1, 4.5f, 4.5f, 8, 8));

        Assert.Equal(2, set.Count);
        Assert.Equal([1L], set.LastOfPlace());
    }

    [Fact]
    public void Make_ManyObjects_AsSlowSearchOverAllCells()
    {
        var random = new Random(7);
        YoloObject[] objects =
        [
            .. Enumerable.Range(0, 60).Select(i => new YoloObject(
                i % 3, i % 5,
                (random.Next(640) / 10f) + 0.03f, (random.Next(640) / 10f) + 0.03f,
                random.Next(2, 60), random.Next(2, 60))),
        ];
        foreach (var level in YoloV5Case.Levels)
        {
            var side = 64 / level.Stride;

            var set = Make(level, side, objects);

            var found = Enumerable.Range(0, set.Count)
                .Select(i => (set.Images[i], set.Anchors[i], set.Rows[i], set.Columns[i], set.Labels[i])).Order();
            Assert.Equal(Slow(level, side, objects).Order(), found);
        }
    }

    // Every cell asks every object: is your centre in me, or within half a cell of me along one axis?
    private static IEnumerable<(long Image, long Anchor, long Row, long Column, long Label)> Slow(
        YoloLevel level, int side, YoloObject[] objects) =>
        from item in objects
        from anchor in Enumerable.Range(0, level.Anchors.Count)
        from row in Enumerable.Range(0, side)
        from column in Enumerable.Range(0, side)
        let x = (item.X / level.Stride) - column
        let y = (item.Y / level.Stride) - row
        let inside = (X: x is >= 0 and < 1, Y: y is >= 0 and < 1)
        where (inside.X && inside.Y) || (inside.Y && IsBeside(x)) || (inside.X && IsBeside(y))
        where Worst(item, level.Anchors[anchor]) < 4
        select (item.Image, (long)anchor, (long)row, (long)column, item.Label);

    // Less than half a cell beyond my end, or before my start. (No centre of the test is on a cell's border.)
    private static bool IsBeside(float offset) => offset is (>= 1 and < 1.5f) or (> -0.5f and < 0);

    private static float Worst(YoloObject item, (float Width, float Height) anchor) => new[]
    {
        item.Width / anchor.Width, anchor.Width / item.Width, item.Height / anchor.Height, anchor.Height / item.Height,
    }.Max();

    private static YoloLevel Level(params (float, float)[] anchors) => new() { Anchors = anchors, Stride = 8 };

    private static YoloV5TargetSet Make(YoloLevel level, int side, params YoloObject[] objects) =>
        new YoloV5Targets(new()).Make(level, side, side, objects);

    private static List<(long Column, long Row)> Cells(YoloV5TargetSet set) => [.. set.Columns.Zip(set.Rows)];
}
